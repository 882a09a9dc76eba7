import { firstValueFrom, lastValueFrom, type Observable, Subscription } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeWebPort } from '../../test/fake-web-port.js';
import type { SerialLink } from '../serial-link.js';
import { requestModem } from './request-modem.js';
import { type WebSerialOptions, webSerial } from './web-serial.js';

let cleanUp = new Subscription();
beforeEach(() => {
  cleanUp = new Subscription();
});
afterEach(() => cleanUp.unsubscribe());

const done = (work: Observable<never>) => lastValueFrom(work, { defaultValue: undefined });
const bytes = (...values: number[]) => Uint8Array.from(values);

async function opened(options?: WebSerialOptions) {
  const port = new FakeWebPort();
  const seen = { error: '', completed: false, received: [] as number[] };
  const link = await new Promise<SerialLink>((resolve) => {
    cleanUp.add(
      webSerial(port, options).subscribe({
        next: resolve,
        error: (error: { code: string }) => (seen.error = error.code),
        complete: () => (seen.completed = true),
      }),
    );
  });
  link.received$.subscribe({ next: (chunk) => seen.received.push(...chunk), error: () => {} });
  return { port, link, seen, device: () => port.device as NonNullable<typeof port.device> };
}

describe('webSerial', () => {
  test('closes the port and gives its streams and listener back', async () => {
    const { port, link, seen } = await opened({ baudRate: 9_600 });
    await done(link.close());
    expect(port.log).toEqual(['open 9600', 'close']);
    expect([port.readable, port.listening, seen.completed]).toEqual([null, 0, true]);
  });

  test('unsubscribed at once, never opens the port', async () => {
    const port = new FakeWebPort();
    webSerial(port).subscribe().unsubscribe();
    await new Promise((resolve) => setImmediate(resolve));
    expect(port.log).toEqual([]);
  });

  test('unsubscribing while it opens closes it, too', async () => {
    const port = new FakeWebPort();
    const subscription = webSerial(port).subscribe();
    await Promise.resolve();
    subscription.unsubscribe();
    await new Promise((resolve) => setImmediate(resolve));
    expect(port.log).toEqual(['open 115200', 'close']);
  });

  test('a port is opened again at once: it waits until the last link has released it', async () => {
    const port = new FakeWebPort();
    for (let round = 0; round < 3; round++) {
      const link = await new Promise<SerialLink>((resolve, reject) => {
        const subscription = webSerial(port).subscribe({
          next: (open) => {
            resolve(open);
            subscription.unsubscribe();
          },
          error: reject,
        });
      });
      expect(link.baudRate).toBe(115_200);
    }
    await new Promise((resolve) => setImmediate(resolve));
    expect(port.log).toEqual(Array.from({ length: 3 }, () => ['open 115200', 'close']).flat());
  });

  test('unsubscribing closes it although a write is stuck', async () => {
    const port = new FakeWebPort();
    let writing: Promise<unknown> = Promise.resolve();
    const subscription = webSerial(port).subscribe((link) => {
      writing = done(link.write(bytes(1)));
    });
    await new Promise((resolve) => setImmediate(resolve));
    subscription.unsubscribe();
    await expect(writing).rejects.toMatchObject({ code: 'TRANSPORT_LOST' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(port.log).toEqual(['open 115200', 'close']);
  });

  test('a port that is open already is busy', async () => {
    const { port } = await opened();
    await expect(firstValueFrom(webSerial(port))).rejects.toMatchObject({ code: 'PORT_BUSY' });
  });

  test('an error on the line is not the end', async () => {
    const { port, link, seen, device } = await opened();
    link.pause();
    const before = firstValueFrom(link.received$);
    await done(device().write(bytes(1)));
    link.resume();
    await before;
    link.pause();
    await done(device().write(bytes(2)));
    port.disturb();
    const after = firstValueFrom(link.received$);
    link.resume();
    await after;
    await done(device().write(bytes(3)));
    expect(seen.received.slice(0, 2)).toEqual([1, 2]);
    expect(seen.error).toBe('');
  });

  test('a device that is unplugged is lost', async () => {
    const { port, link, seen } = await opened();
    port.unplug();
    await new Promise((resolve) => setImmediate(resolve));
    expect(seen.error).toBe('TRANSPORT_LOST');
    await expect(done(link.write(bytes(1)))).rejects.toMatchObject({ code: 'TRANSPORT_CLOSED' });
    expect(port.listening).toBe(0);
  });

  test('changes its speed by opening the port again, without losing a byte', async () => {
    const { port, link, seen, device } = await opened();
    device().received$.subscribe();
    await done(link.write(bytes(1)));
    await done(link.setBaudRate(460_800));
    const arrived = firstValueFrom(link.received$);
    await done(device().write(bytes(7)));
    await arrived;
    expect(port.log).toEqual(['open 115200', 'close', 'open 460800']);
    expect([link.baudRate, seen.received]).toEqual([460_800, [7]]);
  });

  test('sets the lines that are named, and reads the device lines', async () => {
    const { port, link } = await opened();
    await done(link.setLines({ dtr: false, brk: true }));
    expect(port.log.at(-1)).toBe('signals {"dataTerminalReady":false,"break":true}');
    expect(await firstValueFrom(link.lines())).toEqual({ cts: true, dsr: false, dcd: true });
  });

  test('refuses framing that the browser does not have', async () => {
    await expect(firstValueFrom(webSerial(new FakeWebPort(), { dataBits: 5 }))).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });
});

test('requestModem asks for ports of SIMCom modules', async () => {
  const port = new FakeWebPort();
  const asked: unknown[] = [];
  const serial = {
    requestPort: async (options: unknown) => {
      asked.push(options);
      return port;
    },
  };
  expect(await requestModem(serial)).toBe(port);
  expect(asked).toEqual([{ filters: [{ usbVendorId: 0x1e0e }] }]);
});

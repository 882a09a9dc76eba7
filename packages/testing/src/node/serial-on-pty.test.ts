import fs, { readdirSync, readlinkSync, stat } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { type ByteLink, isTransportError, linkPair, type SerialLink } from '@a7600/transport';
import { serial } from '@a7600/transport/serialport';
import {
  BehaviorSubject,
  combineLatest,
  filter,
  firstValueFrom,
  lastValueFrom,
  map,
  Observable,
  Subject,
  scan,
  switchMap,
  takeUntil,
} from 'rxjs';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { hold } from '../../../../tools/hold.js';
import { emulator } from '../emulator/emulator.js';
import { onPty } from './on-pty.js';
import { openPty, type Pty } from './pty.js';

/** A real serial port and the far side of the pseudo-terminal that it is open on. */
function portAndDevice(): Promise<[SerialLink, Pty]> {
  return hold(openPty().pipe(switchMap((pty) => combineLatest([serial({ path: pty.path }), [pty]]))));
}

/** The first `count` bytes that a link receives. */
function receive(link: ByteLink, count: number): Promise<Buffer> {
  return firstValueFrom(
    link.received$.pipe(
      scan((whole, chunk) => Buffer.concat([whole, chunk]), Buffer.alloc(0)),
      filter((whole) => whole.length >= count),
    ),
  );
}

/** How many descriptors of this process are of the device. */
const descriptorsOf = (path: string) =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === path;
    } catch {
      return false; // It was closed meanwhile.
    }
  }).length;

/** The errors of descriptors that are closed until the test has ended: of one that was closed before, for instance. */
function failedCloses(): Error[] {
  const failed: Error[] = [];
  const { close } = fs;
  const spy = vi.spyOn(fs, 'close').mockImplementation((fd, done) =>
    close(fd, (error) => {
      if (error) failed.push(error);
      done?.(error);
    }),
  );
  syncBuiltinESMExports();
  onTestFinished(() => {
    spy.mockRestore();
    syncBuiltinESMExports();
  });
  return failed;
}

const send = (link: ByteLink, bytes: Uint8Array) =>
  lastValueFrom(link.write(bytes), { defaultValue: undefined });
const everyByte = Buffer.from(
  Uint8Array.from({ length: 1 << 20 }, (_, index) => (index * 7 + (index >> 8)) % 256),
);

describe('a real serial port on a real pseudo-terminal', () => {
  test('carries every byte both ways', async () => {
    const [port, device] = await portAndDevice();
    const [atDevice] = await Promise.all([receive(device, everyByte.length), send(port, everyByte)]);
    expect(atDevice.equals(everyByte)).toBe(true);
    const [atPort] = await Promise.all([receive(port, everyByte.length), send(device, everyByte)]);
    expect(atPort.equals(everyByte)).toBe(true);
  });

  test('keeps many small writes in order, also when the kernel is full', async () => {
    const [port, device] = await portAndDevice();
    const chunks = Array.from({ length: 2_000 }, (_, index) =>
      everyByte.subarray(index * 50, index * 50 + 50),
    );
    const writes = chunks.map((chunk) => send(port, chunk));
    const received = await receive(device, 100_000);
    await Promise.all(writes);
    expect(received.equals(everyByte.subarray(0, 100_000))).toBe(true);
  });

  describe.each([
    ['the device goes away', ({ device }: { device: Pty }) => device.close().subscribe()],
    ['the port is given up', ({ released }: { released: Subject<void> }) => released.next()],
  ])('when %s', (_, end) => {
    test.each([
      ['is tried again', 0],
      ['waits for room', 10],
    ])('a write that %s fails', async (_, step) => {
      const device = await hold(openPty());
      const released = new Subject<void>();
      const port = await firstValueFrom(
        new Observable<SerialLink>((subscriber) => {
          serial({ path: device.path })
            .pipe(takeUntil(released))
            .subscribe({
              next: (link) => subscriber.next(link),
              error: () => {},
            });
        }),
      );
      // A port sleeps until there is room after two milliseconds.
      let time = performance.now();
      const clock = vi.spyOn(performance, 'now').mockImplementation(() => {
        time += step;
        return time;
      });
      onTestFinished(() => clock.mockRestore());
      const failed = expect(send(port, everyByte)).rejects.toMatchObject({ code: 'TRANSPORT_LOST' });
      end({ device, released });
      await failed;
    });
  });

  test('given up while large writes are under way leaves nothing open, and closes nothing twice', async () => {
    const { path } = await hold(openPty());
    const before = descriptorsOf(path);
    const failed = failedCloses();
    for (let round = 0; round < 50; round++) {
      await new Promise<void>((resolve) => {
        const opening = serial({ path }).subscribe((port) => {
          // In the turn in which another thread has written, or close to it.
          stat(path, () => opening.unsubscribe());
          port.write(everyByte).subscribe({ error: () => resolve() });
        });
      });
    }
    await vi.waitUntil(() => descriptorsOf(path) === before);
    expect(failed).toEqual([]);
  });

  test('holds back what comes while it is paused', async () => {
    const [port, device] = await portAndDevice();
    port.pause();
    const arrived = receive(port, 5);
    await send(device, Buffer.from('early'));
    port.resume();
    expect((await arrived).toString()).toBe('early');
  });

  test('is locked while it is open, and free again after it was closed', async () => {
    const { path } = await hold(onPty(emulator()));
    const first = await hold(serial({ path }));
    await expect(firstValueFrom(serial({ path }))).rejects.toSatisfy((error) =>
      isTransportError(error, 'PORT_BUSY'),
    );
    await lastValueFrom(first.close(), { defaultValue: undefined });
    const second = await hold(serial({ path }));
    const answer = receive(second, 9);
    await send(second, Buffer.from('AT\r'));
    expect((await answer).toString()).toBe('AT\r\r\nOK\r\n');
  });

  test('that hangs up ends with an error and uses no time afterwards', async () => {
    const [port, device] = await portAndDevice();
    const ended = firstValueFrom(port.ended$);
    const lost = expect(lastValueFrom(port.received$)).rejects.toMatchObject({ code: 'TRANSPORT_LOST' });
    await lastValueFrom(device.close(), { defaultValue: undefined });
    await lost;
    expect(await ended).toMatchObject({ by: 'lost' });
    await expect(send(port, Buffer.from('x'))).rejects.toMatchObject({ code: 'TRANSPORT_CLOSED' });
    await lastValueFrom(port.close(), { defaultValue: undefined });
  });

  test('that goes away while the host does not read is noticed', async () => {
    const [port, device] = await portAndDevice();
    port.pause();
    const ended = firstValueFrom(port.ended$);
    device.close().subscribe();
    expect(await ended).toMatchObject({ by: 'lost' });
  });

  test('changes its speed, and drains', async () => {
    const [port, device] = await portAndDevice();
    expect(port.baudRate).toBe(115_200);
    await lastValueFrom(port.setBaudRate(921_600), { defaultValue: undefined });
    expect(port.baudRate).toBe(921_600);
    const heard = receive(device, 5);
    await send(port, Buffer.from('hello'));
    await lastValueFrom(port.drain(1_000), { defaultValue: undefined });
    expect((await heard).toString()).toBe('hello');
  });

  test('says that a pseudo-terminal has no modem lines, and goes on', async () => {
    const [port, device] = await portAndDevice();
    const unsupported = { code: 'UNSUPPORTED' };
    await expect(firstValueFrom(port.lines())).rejects.toMatchObject(unsupported);
    await expect(lastValueFrom(port.setLines({ dtr: false }))).rejects.toMatchObject(unsupported);
    const heard = receive(device, 2);
    await send(port, Buffer.from('on'));
    expect((await heard).toString()).toBe('on');
  });

  test.each([
    ['/dev/does-not-exist', 'PORT_NOT_FOUND'],
    ['/', 'PORT_FAILED'],
  ])('%s cannot be opened: %s', async (path, code) => {
    await expect(firstValueFrom(serial({ path }))).rejects.toMatchObject({ code });
  });

  test('unsubscribing while it opens leaves nothing open', async () => {
    const { path } = await hold(onPty(emulator()));
    serial({ path }).subscribe().unsubscribe();
    expect(await firstValueFrom(serial({ path }).pipe(map(() => 'opened')))).toBe('opened');
  });
});

test('an emulator that goes away takes its pseudo-terminal with it', async () => {
  const module = emulator();
  const { path } = await hold(onPty(module));
  const port = await hold(serial({ path }));
  const lost = expect(lastValueFrom(port.received$)).rejects.toMatchObject({ code: 'TRANSPORT_LOST' });
  module.control.unplug();
  await lost;
});

test('a pair in memory on a pseudo-terminal is a device', async () => {
  const [host, device] = linkPair();
  const { path } = await hold(onPty(new BehaviorSubject<ByteLink>(host)));
  const port = await hold(serial({ path }));
  const heard = receive(device, 5);
  await send(port, Buffer.from('hello'));
  expect((await heard).toString()).toBe('hello');
});

import { Readable } from 'node:stream';
import { lastValueFrom, type Observable } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { portLink } from './port-link.js';
import { portReleases } from './port-releases.js';
import type { SerialPortLike } from './serial-port-like.js';

type Callback = (error?: Error | null) => void;

/** A port without a device whose operations end when they are told to. */
class FakePort extends Readable implements SerialPortLike {
  readonly isOpen = true;
  readonly baudRate = 115_200;
  readonly log: string[] = [];
  readonly pending: Callback[] = [];
  closesAtOnce = true;
  closing: Callback = () => {};

  override _read(): void {}
  write(_: Uint8Array, callback: Callback): boolean {
    this.pending.push(callback);
    return true;
  }
  close(callback: Callback): void {
    this.log.push('close');
    this.closing = callback;
    if (this.closesAtOnce) callback();
  }
  update(_: { baudRate: number }, callback: Callback): void {
    callback();
  }
  set({ dtr, rts, brk }: { dtr: boolean; rts: boolean; brk: boolean }, callback: Callback): void {
    this.log.push(`dtr ${dtr} rts ${rts} brk ${brk}`);
    this.pending.push(callback);
  }
  get(): void {}
  drain(callback: Callback): void {
    this.log.push('drain');
    callback();
  }
}

const done = (work: Observable<never>) => lastValueFrom(work, { defaultValue: undefined });

function opened() {
  const port = new FakePort();
  return { port, link: portLink('/nowhere/tty', port) };
}

describe('portLink', () => {
  test('is released when the port is closed, also with a write under way', async () => {
    const { port, link } = opened();
    port.closesAtOnce = false;
    const steps: string[] = [];
    link.write(Uint8Array.of(1)).subscribe({ error: () => {} });
    port.emit('error', new Error('input/output error'));
    link.close().subscribe({ complete: () => steps.push('closed') });
    const again = portReleases.done('/nowhere/tty').then(() => steps.push('can be opened again'));
    await Promise.resolve();
    expect([port.log, steps]).toEqual([['close'], []]);
    port.closing();
    await again;
    expect(steps).toEqual(['closed', 'can be opened again']);
  });

  test('setting one line never moves another, also when both are set at once', async () => {
    const { port, link } = opened();
    const both = [done(link.setLines({ dtr: false })), done(link.setLines({ rts: false }))];
    expect(port.log).toEqual(['dtr false rts true brk false']);
    port.pending.shift()?.();
    port.pending.shift()?.();
    await Promise.all(both);
    expect(port.log).toEqual(['dtr false rts true brk false', 'dtr false rts false brk false']);
  });

  test('a line that could not be set stays as it was', async () => {
    const { port, link } = opened();
    const refused = expect(done(link.setLines({ dtr: false }))).rejects.toMatchObject({
      code: 'UNSUPPORTED',
    });
    port.pending.shift()?.(new Error('Inappropriate ioctl for device'));
    await refused;
    const set = done(link.setLines({ brk: true }));
    port.pending.shift()?.();
    await set;
    expect(port.log.at(-1)).toBe('dtr true rts true brk true');
  });

  test('a drain waits for what was written, and no longer than its limit', async () => {
    const { port, link } = opened();
    const written = done(link.write(Uint8Array.of(1)));
    await expect(done(link.drain(1))).rejects.toMatchObject({ code: 'TIMEOUT' });
    const drained = done(link.drain());
    expect(port.log).toEqual([]);
    port.pending.shift()?.();
    await Promise.all([written, drained]);
    expect(port.log).toContain('drain');
  });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ByteLink, SerialLink } from '@a7600/transport';
import { reconnect } from '@a7600/transport';
import { rfc2217, tcp } from '@a7600/transport/tcp';
import { filter, firstValueFrom, lastValueFrom, type Observable, scan } from 'rxjs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../../../tools/free-port.js';
import { hold } from '../../../../tools/hold.js';
import { emulator } from '../emulator/emulator.js';
import { onPty } from './on-pty.js';

/** Starts the real ser2net for a device; the address is where it accepts. */
async function ser2net(
  device: string,
  accepter: string,
): Promise<{ host: string; port: number; program: ChildProcess }> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'a7600-ser2net-'));
  const config = join(folder, 'ser2net.yaml');
  writeFileSync(
    config,
    [
      '%YAML 1.1',
      '---',
      'connection: &modem',
      `  accepter: ${accepter},127.0.0.1,${port}`,
      `  connector: serialdev,${device},115200n81,local`,
      '  options:',
      '    kickolduser: true',
      '',
    ].join('\n'),
  );
  const program = spawn('ser2net', ['-n', '-u', '-c', config], { stdio: 'ignore' });
  onTestFinished(() => {
    program.kill();
    rmSync(folder, { recursive: true });
  });
  return { host: '127.0.0.1', port, program };
}

/** The server needs a moment until it listens. */
const patiently = <T>(source: Observable<T>) =>
  source.pipe(reconnect({ firstDelay: 50, lastDelay: 200, attempts: 1_000 }));
const done = (work: Observable<never>) => lastValueFrom(work, { defaultValue: undefined });

async function ask(link: ByteLink, command: string, answer: RegExp): Promise<string> {
  const heard = firstValueFrom(
    link.received$.pipe(
      scan((text, bytes) => text + Buffer.from(bytes).toString('latin1'), ''),
      filter((text) => answer.test(text)),
    ),
  );
  await done(link.write(Buffer.from(`${command}\r`, 'latin1')));
  return heard;
}

describe('ser2net', () => {
  test('raw: commands go through', async () => {
    const { path } = await hold(onPty(emulator()));
    const where = await ser2net(path, 'tcp');
    const link = await hold(patiently(tcp(where)));
    expect(await ask(link, 'ATE0', /OK\r\n$/)).toContain('ATE0\r');
    expect(await ask(link, 'AT+CSQ', /OK\r\n$/)).toBe('\r\n+CSQ: 23,0\r\n\r\nOK\r\n');
  });

  test('RFC 2217: the port is set, and changed while it is open', async () => {
    const { path } = await hold(onPty(emulator()));
    const where = await ser2net(path, 'telnet(rfc2217),tcp');
    const link: SerialLink = await hold(patiently(rfc2217({ ...where, baudRate: 460_800 })));
    expect(await ask(link, 'AT', /OK\r\n$/)).toBe('AT\r\r\nOK\r\n');
    await done(link.setBaudRate(115_200));
    expect(link.baudRate).toBe(115_200);
    expect(await ask(link, 'AT+CSQ', /OK\r\n$/)).toContain('+CSQ: 23,0');
  });

  test('RFC 2217: every byte value passes', async () => {
    const { path } = await hold(onPty(emulator({ behaviours: [] })));
    const where = await ser2net(path, 'telnet(rfc2217),tcp');
    const link = await hold(patiently(rfc2217(where)));
    const ends = [0x0a, 0x0d, 0x1a];
    const odd = Uint8Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => !ends.includes(byte));
    // With echo on the module sends back what is typed.
    const echoed = await ask(link, Buffer.from(odd).toString('latin1'), /ERROR\r\n$/);
    expect(echoed).toContain(Buffer.from(odd).toString('latin1'));
  });

  test('that goes away is noticed', async () => {
    const { path } = await hold(onPty(emulator()));
    const { program, ...where } = await ser2net(path, 'telnet(rfc2217),tcp');
    const link = await hold(patiently(rfc2217(where)));
    const ended = firstValueFrom(link.ended$);
    program.kill('SIGKILL');
    expect((await ended).by).not.toBe('local');
  });
});

import { once } from 'node:events';
import { existsSync, lstatSync, symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createConnection, createServer } from 'node:net';
import { join } from 'node:path';
import { serial } from '@a7600/transport/serialport';
import { firstValueFrom, lastValueFrom } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { programs } from '../../test/program.js';

const emulator = programs();

/** A port of loopback that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Sends a command to a TCP port; gives what comes back until there is what ends it. */
async function askOverTcp(port: number, command = 'AT', end = '\r\nOK\r\n'): Promise<string> {
  const socket = createConnection({ port, host: '127.0.0.1' });
  socket.write(`${command}\r`);
  let answer = '';
  for await (const chunk of socket) {
    answer += chunk;
    if (answer.includes(end)) break;
  }
  return answer;
}

describe('npx a7600-emulator', () => {
  test('runs on a pty with a link and on two TCP ports, says how to connect, and leaves nothing behind', async () => {
    const link = join(emulator.folder, 'modem');
    const program = emulator.start('--pty', link, '--tcp', '0', '--tcp', '0', '--trace');
    await program.ready;
    const ports = [...program.said.matchAll(/TCP port (\d+)/g)].map(([, port]) => Number(port));
    expect(ports).toHaveLength(2);
    expect(program.said).toContain(`picocom --baud 115200 --noreset --nolock ${link}`);
    expect(program.said).toContain(`serial.serial_for_url('socket://127.0.0.1:${ports[0]}', timeout=1)`);
    expect(program.said).toContain(`modem(serial({ path: '${link}', baudRate: 115200 }))`);

    for (const port of ports) expect(await askOverTcp(port)).toBe('AT\r\r\nOK\r\n');
    const device = await firstValueFrom(serial({ path: link }));
    await lastValueFrom(device.close(), { defaultValue: undefined });

    program.child.kill('SIGINT');
    expect(await program.ended).toEqual([0, null]);
    expect(program.said).toContain('module 2     ');
    expect(program.said).toContain('--> AT␍');
    expect(program.complaint).toBe('');
    expect(lstatSync(link, { throwIfNoEntry: false })).toBeUndefined();
  });

  test('ends all the same with a server listening and a client connected', async () => {
    const free = await freePort();
    const program = emulator.start('--tcp', '0', '--map', `7=${free}`, '--baud', '115200');
    await program.ready;
    const port = Number(/TCP port (\d+)/.exec(program.said)?.[1]);
    await askOverTcp(port, 'ATE0;+NETOPEN', '\r\n+NETOPEN: 0\r\n');
    await askOverTcp(port, 'AT+SERVERSTART=7,0');
    const client = createConnection({ port: free, host: '127.0.0.1' }).on('error', () => {});
    await once(client, 'connect');
    program.child.kill('SIGTERM');
    expect(await program.ended).toEqual([0, null]);
    client.destroy();
  });

  test('replaces a link that was left over, and nothing else', async () => {
    const link = join(emulator.folder, 'modem');
    symlinkSync(join(emulator.folder, 'gone'), link);
    const first = emulator.start('--pty', link);
    await first.ready;
    first.child.kill('SIGINT');
    await first.ended;
    expect(existsSync(link)).toBe(false);
    writeFileSync(link, 'something');
    const second = emulator.start('--pty', link);
    expect(await second.ended).toEqual([2, null]);
    expect(second.complaint).toMatch(/^Cannot make the link .*EEXIST.*\n$/);
    expect(existsSync(link)).toBe(true);
  });

  test('names a TCP port that is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const program = emulator.start('--tcp', String(port));
    expect(await program.ended).toEqual([2, null]);
    expect(program.complaint).toBe(`TCP port ${port} of 127.0.0.1 is in use.\n`);
    server.close();
  });

  test('a command line that cannot be understood is 2, --help is 0', async () => {
    expect(await emulator.start('--tcp').ended).toEqual([2, null]);
    const program = emulator.start('--help');
    expect(await program.ended).toEqual([0, null]);
    expect(program.said).toContain('Usage: a7600-emulator');
  });
});

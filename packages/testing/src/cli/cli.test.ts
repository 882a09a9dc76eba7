import { once } from 'node:events';
import { existsSync, lstatSync, symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createConnection, createServer } from 'node:net';
import { join } from 'node:path';
import { serial } from '@a7600/transport/serialport';
import { firstValueFrom, lastValueFrom } from 'rxjs';
import { describe, expect, test, vi } from 'vitest';
import { freePort } from '../../../../tools/free-port.js';
import { programs } from '../../test/program.js';
import { run } from './run.js';

const emulator = programs();

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

/** How long in ms forty commands on one line take. */
async function timeOfMany(port: number): Promise<number> {
  const start = performance.now();
  await askOverTcp(port, `AT${Array.from({ length: 40 }, () => '+CSQ').join(';')}`);
  return performance.now() - start;
}

/** Runs the program in this process, where it ends by itself. */
async function called(...args: string[]) {
  const printed = { said: '', complaint: '' };
  const into = (name: keyof typeof printed) => (text: unknown) => {
    printed[name] += String(text);
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(into('said')),
    vi.spyOn(process.stderr, 'write').mockImplementation(into('complaint')),
    vi.spyOn(console, 'error').mockImplementation((text) => void into('complaint')(`${text}\n`)),
  ];
  try {
    const code = await run(args);
    return { code, ...printed };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

describe('npx a7600-emulator', () => {
  test('runs on a pty with a link and on two TCP ports, says how to connect, and cleans up', async () => {
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
    const second = await called('--pty', link);
    expect(second.code).toBe(2);
    expect(second.complaint).toMatch(/^Cannot make the link .*something of that name exists\..*\n$/);
    expect(existsSync(link)).toBe(true);
  });

  test('the power key: a line on standard input, and SIGUSR2', async () => {
    const program = emulator.start('--tcp', '0', '--instant', '--trace', '--off');
    await program.ready;
    program.child.stdin?.write('power\n');
    await program.says('power: on');
    program.child.stdin?.write('turn on\npower\n');
    await program.says('power: off');
    expect(program.complaint).toBe('"turn on" is no command: write "power".\n');
    program.child.kill('SIGUSR2');
    await program.says('power: starting');
  });

  test('at the pace of a module, on loopback only; hangs up on what begins like HTTP', async () => {
    const program = emulator.start('--tcp', '0');
    await program.ready;
    expect(program.said).toContain(
      'It reaches loopback of this computer, and an example.com of its own; --allow HOST:PORT',
    );
    const port = Number(/TCP port (\d+)/.exec(program.said)?.[1]);
    await askOverTcp(port, 'ATE0');
    // 202 bytes there, 606 back, 10 bits each, at 115200 bits per second.
    expect(await timeOfMany(port)).toBeGreaterThan(70);

    const answer = await askOverTcp(port, 'POST / HTTP/1.1\r\n\r\nAT+CPOF', 'never');
    expect(answer).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/);
    expect(answer).not.toContain('POST');
    expect(await askOverTcp(port)).toContain('OK');
  });

  test('several ports of one module (--ports), not paced (--instant), with a way out of loopback (--allow)', async () => {
    const options = ['--ports', 'at,at,nmea', '--instant', '--allow', 'example.com:80'];
    const program = emulator.start('--tcp', '0', ...options);
    await program.ready;
    expect(program.said).not.toContain('loopback of this');
    const [first = 0, second = 0] = [...program.said.matchAll(/TCP port (\d+)/g)].map(([, port]) =>
      Number(port),
    );
    expect(program.said).toMatch(/port 2 \(at\) on TCP port \d+/);
    expect(program.said).toMatch(/port 3 \(nmea\) on TCP port \d+/);
    await askOverTcp(first, 'AT+CMEE=1');
    expect(await askOverTcp(second, 'AT+CMEE?')).toContain('+CMEE: 1');
  });

  test('names a TCP port that is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect(await called('--tcp', String(port))).toMatchObject({
      code: 2,
      complaint: `TCP port ${port} of 127.0.0.1 is in use.\n`,
    });
    server.close();
  });

  test('a command line that cannot be understood is 2, --help is 0', async () => {
    expect(await emulator.start('--tcp').ended).toEqual([2, null]);
    expect(await called('--help')).toMatchObject({
      code: 0,
      said: expect.stringContaining('Usage: a7600-emulator'),
    });
    expect(await called('--version')).toMatchObject({
      code: 0,
      said: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });
});

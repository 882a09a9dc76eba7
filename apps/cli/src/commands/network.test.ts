import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { createServer as createTlsServer } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { makeCertificates } from '../../../../packages/tcpip/test/certificates.js';
import { listening, serving } from '../../../../packages/tcpip/test/online.js';
import { freePort } from '../../../../tools/free-port.js';
import { program, programWith } from '../../test/program.js';
import { scratch } from '../../test/scratch.js';
import { talk } from '../../test/talk.js';
import { run } from '../program.js';

const own = scratch();

function file(name: string, text: string): string {
  writeFileSync(join(own.folder, name), text);
  return join(own.folder, name);
}

describe('connect', () => {
  test('sends the input, and prints what the peer answers to its end', async () => {
    const { port } = await serving(own.open, (socket) =>
      socket.once('data', (bytes) => socket.end(`got ${bytes}`)),
    );
    const { code, output, messages } = await programWith(
      { input: 'hello' },
      ...['connect', '--emulated', 'localhost', `${port}`],
    );
    expect([code, output, messages]).toEqual([0, 'got hello', `Connected with localhost:${port}.\n`]);
  });

  test('--tls trusts the authority of --ca, and no other', async () => {
    const { ca, server: identity } = await makeCertificates();
    const server = createTlsServer(identity, (socket) => socket.end('secret'));
    server.on('tlsClientError', () => {});
    const port = await listening(server);
    own.open.add(() => server.close());
    const connect = (...args: string[]) =>
      program('connect', '--emulated', '--quiet', '--tls', ...args, 'localhost', `${port}`);
    expect(await connect('--ca', file('ca.pem', ca))).toMatchObject({ code: 0, output: 'secret' });
    const refused = await connect();
    expect(refused).toMatchObject({ code: 1, output: '' });
    expect(refused.messages).toMatch(/certificate/);
  });

  test('--udp sends a chunk as a datagram, and prints what comes back until the hold time is over', async () => {
    const peer = createSocket('udp4');
    peer.on('message', (bytes, { port }) => peer.send(`got ${bytes}`, port, '127.0.0.1'));
    peer.bind(0, '127.0.0.1');
    await once(peer, 'listening');
    own.open.add(() => peer.close());
    const args = ['connect', '--emulated', '--udp', '--hold', '0.3', '127.0.0.1', `${peer.address().port}`];
    expect(await programWith({ input: 'hello' }, ...args)).toMatchObject({
      code: 0,
      output: 'got hello',
      messages: '',
    });
  });

  test.each([
    [['127.0.0.1', '0'], 2, /'0' is no port/],
    [['127.0.0.1', 'http'], 2, /'http' is no port/],
    [['127.0.0.1', '80', '--ca', 'x'], 2, /--ca has no effect without --tls/],
    [['127.0.0.1', '80', '--tls', '--ca', '/nothing'], 2, /Cannot read \/nothing \(--ca\)/],
    [['127.0.0.1', '80', '--tls', '--udp'], 2, /exclude each other/],
    [['127.0.0.1', '80', '--hold', 'long'], 2, /number of seconds/],
    [
      ['nothing.invalid', '80'],
      1,
      /^Cannot connect to nothing\.invalid:80: the name server .* does not know the name\. An emulated module reaches this computer only: localhost, or 127\.0\.0\.1\.\n$/,
    ],
  ])('%s', async (args, expected, message) => {
    const { code, output, messages } = await program('connect', '--emulated', ...args);
    expect([code, output]).toEqual([expected, '']);
    expect(messages).toMatch(message);
  });

  test('files that are no certificates and keys are refused before anything is opened', async () => {
    const { server } = await makeCertificates();
    const [cert, key] = [file('cert.pem', server.cert), file('key.pem', server.key)];
    const garbage = file('garbage.pem', 'garbage\n');
    const other = file('other.pem', (await makeCertificates()).server.key);
    const said = async (...args: string[]) => {
      const { code, output, messages } = await program(...args);
      expect([code, output]).toEqual([2, '']);
      return messages;
    };
    const connect = ['connect', '--emulated', '--tls', '--ca', garbage, '127.0.0.1', '80'];
    expect(await said(...connect)).toBe(`${garbage} (--ca) has no certificate as PEM.\n`);
    const listen = (one: string, two: string) =>
      said('listen', '--emulated', '--tls', '--cert', one, '--key', two, '7000');
    expect(await listen(garbage, key)).toBe(`${garbage} (--cert) has no certificate as PEM.\n`);
    for (const wrong of [garbage, other])
      expect(await listen(cert, wrong)).toBe(
        `${wrong} (--key) has no key as PEM, or not the one of ${cert} (--cert).\n`,
      );
  });

  test('a refused connection is exit code 1', async () => {
    const { code, messages } = await program('connect', '--emulated', '127.0.0.1', `${await freePort()}`);
    expect(code).toBe(1);
    expect(messages).toMatch(
      /^Cannot connect to 127\.0\.0\.1:\d+: it refused, or is not there; .* Check host and port, and that a server runs there\.\n$/,
    );
  });
});

describe('listen', () => {
  test('joins the first client, and turns others away', async () => {
    const port = await freePort();
    const ended = programWith({ input: 'welcome' }, 'listen', '--emulated', '--hold', '0.5', `${port}`);
    const client = await clientOf(port);
    client.send('hello');
    expect(String(await client.take(7))).toBe('welcome');
    client.socket.end();
    const { code, output, messages } = await ended;
    expect([code, output]).toEqual([0, 'hello']);
    expect(messages).toMatch(
      new RegExp(`^Listening on 127\\.0\\.0\\.1:${port}\\.\n127\\.0\\.0\\.1:\\d+ has connected\\.\n$`),
    );
  });

  test('--udp sends the input to the peer of the first datagram', async () => {
    const port = await freePort();
    const peer = createSocket('udp4');
    own.open.add(() => peer.close());
    const said = { output: '', messages: '' };
    const input = new PassThrough();
    input.end('welcome');
    const code = run(['listen', '--emulated', '--udp', '--hold', '0.3', `${port}`], {
      input: input as unknown as NodeJS.ReadStream,
      output: { write: (bytes) => (said.output += bytes) },
      messages: {
        write(text) {
          said.messages += text;
          if (said.messages.includes('Waiting')) peer.send('hello', port, '127.0.0.1');
        },
      },
      env: {},
    });
    const [answer] = await once(peer, 'message');
    expect(String(answer)).toBe('welcome');
    expect([await code, said.output]).toEqual([0, 'hello']);
  });

  test.each([
    [['--tls'], /--tls needs --cert and --key/],
    [['--cert', 'x'], /no effect without --tls/],
    [['--tls', '--udp'], /exclude each other/],
  ])('%s', async (args, message) => {
    const { code, messages } = await program('listen', '--emulated', ...args, '7000');
    expect(code).toBe(2);
    expect(messages).toMatch(message);
  });

  test('a port in use', async () => {
    const { port } = await serving(own.open, () => {});
    const { code, messages } = await program('listen', '--emulated', `${port}`);
    expect(code).toBe(1);
    expect(messages).toBe(
      `The module cannot listen on port ${port}: the port is in use. Choose another one.\n`,
    );
  });
});

/** A client of a port, as soon as a server listens there. */
async function clientOf(port: number) {
  for (;;) {
    const client = talk(port);
    const connected = await once(client.socket, 'connect').then(
      () => true,
      () => false,
    );
    if (connected) return client;
  }
}

describe('forward', () => {
  test.each([
    [[], /at least one -L or -R/],
    [['-L', '80'], /is not \[BIND:\]PORT:HOST:HOSTPORT/],
    [['-L', '*:8080:example.com:80'], /Everybody who reaches 0\.0\.0\.0 could use .* add --expose/],
    [['-R', '8080:192.168.1.1:80'], /could connect to 192\.168\.1\.1.* add --expose/],
  ])('%s', async (args, message) => {
    const { code, messages } = await program('forward', '--emulated', ...args);
    expect(code).toBe(2);
    expect(messages).toMatch(message);
  });

  test('several rules; a port in use is an error that names it', async () => {
    const [free, other] = [await freePort(), await freePort()];
    const { port } = await serving(own.open, () => {});
    const rules = ['-L', `${free}:127.0.0.1:1`, '-R', `${other}:127.0.0.1:2`];
    const { code, output } = await program('forward', '--emulated', '--for', '0.1', ...rules);
    expect(code).toBe(0);
    expect(output).toBe(
      `127.0.0.1:${free} leads to 127.0.0.1:1.\n127.0.0.1:${other} leads to 127.0.0.1:2.\nCtrl-C ends it.\n`,
    );
    const refused = await program('forward', '--emulated', '-L', `${port}:127.0.0.1:1`);
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.messages).toBe(`TCP port ${port} of 127.0.0.1 is in use. Choose another one with -L.\n`);
  });
});

describe('proxy', () => {
  test.each([
    [['--listen', '0.0.0.0:1080'], /other computers could use the modem/],
    [['--listen', 'nonsense'], /Write PORT or HOST:PORT/],
    [['--proxy-user', 'ada'], /need each other/],
    [
      ['--proxy-user', 'ada', '--proxy-password-file', '/nothing'],
      /Cannot read \/nothing \(--proxy-password-file\)/,
    ],
    [
      ['--listen', '192.0.2.1:1080', '--proxy-user', 'ada', '--proxy-password-file', 'package.json'],
      /no address of this computer/,
    ],
  ])('%s', async (args, message) => {
    const { code, messages } = await program('proxy', '--emulated', ...args);
    expect(code).toBe(2);
    expect(messages).toMatch(message);
  });

  test('a port in use, and one that is free', async () => {
    const { port } = await serving(own.open, () => {});
    const used = await program('proxy', '--emulated', '--listen', `${port}`);
    expect(used).toMatchObject({ code: 2 });
    expect(used.messages).toBe(
      `TCP port ${port} of 127.0.0.1 is in use. Choose another one with --listen.\n`,
    );
    const { code, output } = await program(
      'proxy',
      '--emulated',
      '--listen',
      '[::1]:0',
      '--for',
      '0.1',
      '--json',
    );
    expect([code, JSON.parse(output)]).toEqual([0, { listening: { host: '::1', port: expect.any(Number) } }]);
  });
});

describe('run', () => {
  test('gives a program the proxy, and has its exit code', async () => {
    const server = createServer((_, response) => response.end('over the modem'));
    const port = await listening(server);
    own.open.add(() => server.close());
    const script = `curl --silent --fail http://127.0.0.1:${port}/; exit 7`;
    const { code, output } = await program('run', '--emulated', '--', 'sh', '-c', script);
    expect([code, output]).toEqual([7, 'over the modem']);
  });

  test('a program that does not exist, and one that a signal ends', async () => {
    const missing = await program('run', '--emulated', '--', 'no-such-program');
    expect(missing).toMatchObject({
      code: 2,
      messages: 'Cannot start no-such-program: there is no such program.\n',
    });
    expect(await program('run', '--emulated', '--', 'sh', '-c', 'kill -9 $$')).toMatchObject({ code: 137 });
  });
});

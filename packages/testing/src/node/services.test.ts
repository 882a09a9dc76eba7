import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { generate } from 'selfsigned';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type HostConsole, openOnHost } from '../../test/host-console.js';
import { sim7600 } from '../emulator/profiles/sim7600.js';

// AT command manual V1.09: HTTP in 16, SSL in 19.

let console: HostConsole;
const closing: (() => void)[] = [];

beforeEach(async () => {
  console = await openOnHost();
});
afterEach(() => {
  console.close();
  for (const close of closing.splice(0)) close();
});

/** Listens on any port of loopback, until the test ends. */
async function listening(
  server: { listen(port: number, host: string): unknown; close(): unknown } & NodeJS.EventEmitter,
) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  return ((server as unknown as { address(): unknown }).address() as AddressInfo).port;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}

const certificates = () =>
  generate([{ name: 'commonName', value: 'localhost' }], { keyType: 'ec', algorithm: 'sha256' });

describe('HTTP', () => {
  const serve = () =>
    listening(
      createServer((request, response) => {
        void bodyOf(request).then((body) => {
          response.setHeader(
            'X-Seen',
            `${request.method} ${request.headers['content-type'] ?? '-'} ${request.headers['x-own'] ?? '-'}`,
          );
          if (request.url === '/missing') response.statusCode = 404;
          response.end(request.url === '/echo' ? body : 'hello world');
        });
      }),
    );

  test('AT+HTTPACTION=0: the status, the length, the head, and the body in parts', async () => {
    const port = await serve();
    expect(await console.at('+HTTPPARA="URL","http://127.0.0.1/"')).toBe('\r\nERROR\r\n');
    await console.at('+HTTPINIT');
    expect(await console.at('+HTTPINIT')).toBe('\r\nERROR\r\n');
    await console.at(`+HTTPPARA="URL","http://127.0.0.1:${port}/"`);
    await console.at('+HTTPPARA="USERDATA","X-Own: yes"');
    await console.at('+HTTPACTION=0');
    expect(await console.until(/\+HTTPACTION.*\r\n/)).toBe('\r\n+HTTPACTION: 0,200,11\r\n');
    expect(await console.at('+HTTPHEAD')).toMatch(
      /\r\n\+HTTPHEAD: \d+\r\nHTTP\/1\.1 200 OK\r\nX-Seen: GET - yes\r\n/,
    );
    expect(await console.at('+HTTPREAD?')).toBe('\r\n+HTTPREAD: LEN,11\r\n\r\nOK\r\n');
    await console.at('+HTTPREAD=0,5');
    expect(await console.until('+HTTPREAD: 0\r\n')).toBe('\r\n+HTTPREAD: 5\r\nhello\r\n\r\n+HTTPREAD: 0\r\n');
    await console.at('+HTTPREAD=6,100');
    expect(await console.until('+HTTPREAD: 0\r\n')).toBe('\r\n+HTTPREAD: 5\r\nworld\r\n\r\n+HTTPREAD: 0\r\n');
    expect(await console.at('+HTTPREAD=11,1')).toBe('\r\nERROR\r\n');
    expect(await console.at('+HTTPTERM')).toBe('\r\nOK\r\n');
  });

  test('AT+HTTPDATA after DOWNLOAD, posted with its kind; chunks are put together', async () => {
    const port = await serve();
    await console.at('+HTTPINIT');
    await console.at(`+HTTPPARA="URL","http://127.0.0.1:${port}/echo"`);
    await console.at('+HTTPPARA="CONTENT","application/json"');
    expect(await console.at('+HTTPDATA=18,1000', 'DOWNLOAD\r\n')).toBe('\r\nDOWNLOAD\r\n');
    await console.type('Message=helloworld');
    await console.at('+HTTPACTION=1');
    expect(await console.until(/\+HTTPACTION.*\r\n/)).toBe('\r\n+HTTPACTION: 1,200,18\r\n');
    expect(await console.at('+HTTPHEAD')).toContain('X-Seen: POST application/json -');
  });

  test('errors of the server and of the way to it (16.3.2)', async () => {
    const port = await serve();
    const action = async (url: string) => {
      await console.at(`+HTTPPARA="URL","${url}"`);
      await console.at('+HTTPACTION=0');
      return console.until(/\+HTTPACTION.*\r\n/);
    };
    await console.at('+HTTPINIT');
    expect(await action(`http://127.0.0.1:${port}/missing`)).toContain('+HTTPACTION: 0,404,11');
    expect(await action('http://127.0.0.1:1/')).toContain('+HTTPACTION: 0,714,0');
    expect(await action(`https://127.0.0.1:${port}/`)).toContain('+HTTPACTION: 0,715,0');
    expect(await console.at('+HTTPPARA="URL","ftp://x"')).toBe('\r\nERROR\r\n');
  });

  test('SIM7600 says DATA before the length (field notes 6)', async () => {
    const port = await serve();
    console.close();
    console = await openOnHost({ profile: sim7600 });
    await console.at('+HTTPINIT');
    await console.at(`+HTTPPARA="URL","http://127.0.0.1:${port}/"`);
    await console.at('+HTTPACTION=0');
    await console.until(/\+HTTPACTION.*\r\n/);
    await console.at('+HTTPREAD=0,5');
    expect(await console.until('+HTTPREAD: 0\r\n')).toContain('+HTTPREAD: DATA,5\r\nhello');
  });

  test('over TLS, whose server proves itself with a certificate that was loaded', async () => {
    const { cert, private: key } = await certificates();
    const port = await listening(createSecureServer({ cert, key }, (_, response) => response.end('secret')));
    await console.at('+HTTPINIT');
    await console.at(`+HTTPPARA="URL","https://127.0.0.1:${port}/"`);
    const action = async () => {
      await console.at('+HTTPACTION=0');
      return console.until(/\+HTTPACTION.*\r\n/);
    };
    expect(await action()).toContain('0,200,6');
    await console.at('+CSSLCFG="authmode",0,1');
    await console.at('+CSSLCFG="cacert",0,"server.pem"');
    expect(await action()).toContain('0,719,0');
    await console.at(`+CCERTDOWN="server.pem",${cert.length}`, '>');
    await console.type(cert);
    expect(await console.at('+CCERTLIST')).toBe('\r\n+CCERTLIST: "server.pem"\r\n\r\nOK\r\n');
    expect(await action()).toContain('0,200,6');
    const other = await certificates();
    await console.at(`+CCERTDOWN="server.pem",${other.cert.length}`, '>');
    await console.type(other.cert);
    expect(await action()).toContain('0,715,0');
    await console.at('+CCERTDELE="server.pem"');
    expect(await console.at('+CCERTDELE="server.pem"')).toBe('\r\nERROR\r\n');
  });
});

describe('TLS connections', () => {
  const serve = async () => {
    const { cert, private: key } = await certificates();
    return listening(
      createTlsServer({ cert, key }, (socket) =>
        socket.on('data', (bytes) => socket.write(bytes)).on('error', () => {}),
      ),
    );
  };

  test('pushed: what the server sends is announced (19.2.15)', async () => {
    const port = await serve();
    expect(await console.at('+CCHOPEN=0,"127.0.0.1",1')).toBe('\r\nERROR\r\n');
    await console.at('+CCHSTART');
    await console.until('\r\n+CCHSTART: 0\r\n');
    await console.at(`+CCHOPEN=0,"127.0.0.1",${port}`);
    expect(await console.until(/\+CCHOPEN.*\r\n/)).toBe('\r\n+CCHOPEN: 0,0\r\n');
    expect(await console.at('+CCHOPEN?')).toBe(
      `\r\n+CCHOPEN: 0,"127.0.0.1",${port},2,\r\n+CCHOPEN: 1,"",,,\r\n\r\nOK\r\n`,
    );
    await console.at('+CCHSEND=0,5', '>');
    await console.type('hello');
    expect(await console.until('hello\r\n')).toBe('\r\n+CCHRECV: DATA,0,5\r\nhello\r\n');
    await console.at('+CCHCLOSE=0');
    await console.until('\r\n+CCHCLOSE: 0,0\r\n');
    await console.at('+CCHSTOP');
    await console.until('\r\n+CCHSTOP: 0\r\n');
  });

  test('cached: an event once, read in parts; sends are reported on request', async () => {
    const port = await serve();
    await console.at('+CCHSET=1,1');
    await console.at('+CCHSTART');
    await console.at(`+CCHOPEN=1,"127.0.0.1",${port},2`);
    await console.until('+CCHOPEN: 1,0\r\n');
    await console.at('+CCHSEND=1,11', '>');
    await console.type('hello world');
    expect(await console.until('RECV EVENT\r\n')).toBe(
      '\r\n+CCHSEND: 1,0\r\n\r\n+CCHEVENT: 1,RECV EVENT\r\n',
    );
    expect(await console.at('+CCHRECV?')).toBe('\r\n+CCHRECV: LEN,0,11\r\n\r\nOK\r\n');
    await console.at('+CCHRECV=1,5');
    expect(await console.until('+CCHRECV: 1,0\r\n')).toBe(
      '\r\n+CCHRECV: DATA,1,5\r\nhello\r\n\r\n+CCHRECV: 1,0\r\n',
    );
    await console.at('+CCHRECV=1');
    expect(await console.until('+CCHRECV: 1,0\r\n')).toContain('DATA,1,6\r\n world');
    expect(await console.at('+CCHRECV=1')).toBe('\r\n+CCHRECV: 1,8\r\n\r\nERROR\r\n');
  });

  test('a server that asks for a certificate gets the one that was loaded, and the key with it (19.2.1)', async () => {
    const server = await certificates();
    const module = await generate([{ name: 'commonName', value: 'module' }], { keySize: 2048 });
    const names: string[] = [];
    const port = await listening(
      createTlsServer(
        { cert: server.cert, key: server.private, ca: module.cert, requestCert: true },
        (socket) => {
          names.push(String(socket.getPeerCertificate().subject.CN));
          socket.end();
        },
      ),
    );
    await console.at('+CCHSTART');
    const opened = async () => {
      await console.at(`+CCHOPEN=0,"127.0.0.1",${port}`);
      return console.until(/\+CCH(OPEN: 0,[1-9]|_PEER_CLOSED).*\r\n/);
    };
    for (const [name, text] of [
      ['server.pem', server.cert],
      ['module.pem', module.cert],
      ['module-key.pem', module.private],
    ] as const) {
      await console.at(`+CCERTDOWN="${name}",${text.length}`, '>');
      await console.type(text);
    }
    await console.at('+CSSLCFG="authmode",0,2');
    await console.at('+CSSLCFG="cacert",0,"server.pem"');
    await console.at('+CSSLCFG="clientcert",0,"module.pem"');
    // The key is missing: nothing is shown.
    expect(await opened()).toContain('+CCHOPEN: 0,19');
    await console.at('+CSSLCFG="clientkey",0,"module-key.pem"');
    await opened();
    expect(names).toEqual(['module']);
  });

  test('a server that speaks no TLS, one that is not there, one that closes (19.3.1)', async () => {
    const plain = await listening(createServer());
    await console.at('+CCHSTART');
    await console.at(`+CCHOPEN=0,"127.0.0.1",${plain}`);
    expect(await console.until(/\+CCHOPEN.*\r\n/)).toContain('+CCHOPEN: 0,15');
    await console.at('+CCHOPEN=0,"127.0.0.1",1');
    expect(await console.until(/\+CCHOPEN.*\r\n/)).toContain('+CCHOPEN: 0,14');
    const { cert, private: key } = await certificates();
    const brief = await listening(createTlsServer({ cert, key }, (socket) => socket.end()));
    await console.at(`+CCHOPEN=0,"127.0.0.1",${brief}`);
    await console.until('+CCHOPEN: 0,0\r\n');
    expect(await console.until('+CCH_PEER_CLOSED: 0\r\n')).toContain('+CCH_PEER_CLOSED: 0');
  });
});

test('the contexts as AT+CSSLCFG shows them (19.2.1)', async () => {
  await console.at('+CSSLCFG="sslversion",3,3');
  await console.at('+CSSLCFG="enableSNI",3,1');
  expect(await console.at('+CSSLCFG=3')).toBe('\r\n+CSSLCFG: 3,3,0,1,300,"","","","",1\r\n\r\nOK\r\n');
  for (const bad of ['"sslversion",3,5', '"cacert",3,"x"', '"authmode",10,1', '"other",0,1']) {
    expect(await console.at(`+CSSLCFG=${bad}`)).toBe('\r\nERROR\r\n');
  }
});

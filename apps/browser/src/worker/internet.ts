import { type MemoryHost, type MemoryNetwork, memoryNetwork } from '@a7600/testing';
import { pump } from '@a7600/transport';
import { catchError, EMPTY, mergeMap, type Observable, Subscription } from 'rxjs';
import type { Emulated } from '../protocol.js';

/** The ports of its services. */
const HTTP = 80;
const ECHO = 7;
const NTP = 123;

/** An internet of a few hosts, which the name server of the emulated network knows. */
export interface Internet {
  readonly network: MemoryNetwork;
  readonly services: Subscription;
}

/** Conditions of the radio link; times in ms, bandwidth in bytes per second. */
const CONDITIONS = {
  near: {},
  good: { latency: [40, 80], bandwidth: 1_000_000, window: 65_535 },
  poor: { latency: [200, 600], bandwidth: 8_000, window: 16_384, loss: 0.2 },
} as const;

/** Makes the internet: `example.com` has a web server, `echo.example` an echo server, `time.example` a clock. */
export function internet(conditions: Emulated['network']): Internet {
  const network = memoryNetwork();
  Object.assign(network.module.conditions, CONDITIONS[conditions]);
  const services = new Subscription();
  services.add(webServer(network).subscribe());
  services.add(echoServer(network).subscribe());
  services.add(datagrams(network.host('echo.example'), ECHO, (bytes) => bytes));
  services.add(datagrams(network.host('time.example'), NTP, timeAnswer));
  return { network, services };
}

const PAGE = `<!doctype html>
<title>Hello</title>
<p>This page came through an emulated modem.</p>
`;

function webServer(network: MemoryNetwork): Observable<never> {
  return network.serve('example.com', HTTP).pipe(
    mergeMap((client) => {
      let request = '';
      return client.received$.pipe(
        mergeMap((bytes) => {
          request += new TextDecoder().decode(bytes);
          return request.endsWith('\r\n\r\n') ? client.write(response()) : EMPTY;
        }),
        catchError(() => EMPTY),
      );
    }),
  );
}

function response(): string {
  return `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${PAGE.length}\r\n\r\n${PAGE}`;
}

function echoServer(network: MemoryNetwork): Observable<unknown> {
  return network
    .serve('echo.example', ECHO)
    .pipe(mergeMap((client) => pump(client, client).pipe(catchError(() => EMPTY))));
}

/** Answers each datagram that comes to a port. */
function datagrams(host: MemoryHost, port: number, answer: (bytes: Uint8Array) => Uint8Array): Subscription {
  return host
    .bind(port)
    .pipe(
      mergeMap((socket) =>
        socket.received$.pipe(mergeMap(({ bytes, from }) => socket.send(answer(bytes), from))),
      ),
    )
    .subscribe();
}

/** Seconds from 1900, where NTP counts from, to 1970. */
const EPOCHS = 2_208_988_800;

/** An SNTP answer (RFC 4330, section 4): version 4, server, and the time that it is sent. */
function timeAnswer(): Uint8Array {
  const answer = new DataView(new ArrayBuffer(48));
  answer.setUint8(0, 0b00_100_100);
  answer.setUint8(1, 1);
  answer.setUint32(40, Math.floor(Date.now() / 1_000) + EPOCHS);
  return new Uint8Array(answer.buffer);
}

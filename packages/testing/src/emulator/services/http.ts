import {
  catchError,
  EMPTY,
  finalize,
  map,
  merge,
  Observable,
  of,
  switchMap,
  TimeoutError,
  take,
  timeout,
} from 'rxjs';
import { NetworkError } from '../../networks/network.js';
import type { Module } from '../module.js';
import { perModule } from '../per-module.js';
import { type HttpRequest, type HttpResponse, printRequest, ResponseReader } from './http-message.js';
import { connectTo, MissingCertificate } from './ssl-contexts.js';

/** What `AT+HTTPPARA` sets (AT command manual, 16.2.3). Times are in s. */
export interface HttpParameters {
  url: string;
  connectTimeout: number;
  receiveTimeout: number;
  /** Until the first byte of the answer. */
  responseTimeout: number;
  /** The first and the last byte to ask for; 0 and 0 ask for all. */
  rangeStart: number;
  rangeEnd: number;
  contentType: string;
  accept: string;
  sslContext: number;
  userData: string;
  readMode: number;
}

/** `<errcode>` of `AT+HTTPACTION` (AT command manual, 16.3.2). */
export const HTTP_ERR = {
  unknown: 702,
  timeout: 705,
  network: 709,
  dns: 713,
  connect: 714,
  handshake: 715,
  certificate: 719,
};

/** A session of the module's HTTP client, from `AT+HTTPINIT` to `AT+HTTPTERM`. */
export class HttpSession {
  readonly parameters: HttpParameters = {
    url: '',
    connectTimeout: 120,
    receiveTimeout: 20,
    responseTimeout: 120,
    rangeStart: 0,
    rangeEnd: 0,
    contentType: 'text/plain',
    accept: '*/*',
    sslContext: 0,
    userData: '',
    readMode: 0,
  };
  body = new Uint8Array();
  response: HttpResponse | undefined;
  /** What has been read of the response's body, where each byte can be read once. */
  position = 0;
  busy = false;

  /**
   * Carries out a request. Cold; emits the status, or an `<errcode>`, and how long the body is.
   *
   * @param request The octets to send. Default: those that the parameters and the body make.
   */
  perform(
    method: string,
    module: Module,
    request?: Uint8Array,
  ): Observable<{ status: number; length: number }> {
    const target = parseUrl(this.parameters.url);
    if (target === undefined) return of({ status: HTTP_ERR.unknown, length: 0 });
    const { connectTimeout, receiveTimeout, responseTimeout, sslContext } = this.parameters;
    const { scheduler } = module.clock;
    const octets = request ?? printRequest(this.request(method, target));
    this.busy = true;
    const lost$ = new Observable<never>((subscriber) =>
      module.radio.watchLoss(() => subscriber.error(new Error('The bearer is lost.'))),
    );
    const connected$ = connectTo(target, target.secure ? sslContext : undefined, module).pipe(
      timeout({ first: connectTimeout * 1000, scheduler }),
      switchMap((connection) => {
        const reader = new ResponseReader(method);
        const response$ = new Observable<HttpResponse>((subscriber) => {
          const done = (response: HttpResponse | undefined) => {
            if (response === undefined) return;
            subscriber.next(response);
            subscriber.complete();
          };
          subscriber.add(
            connection.received$.pipe(timeout({ first: responseTimeout * 1000, scheduler })).subscribe({
              next: (bytes) => {
                done(reader.push(bytes));
                if (reader.tooLong) subscriber.error(new Error('The answer is too long.'));
              },
              error: (error: unknown) => subscriber.error(error),
              complete: () => {
                done(reader.end());
                if (!subscriber.closed)
                  subscriber.error(new NetworkError('reset', 'The server closed without an answer.'));
              },
            }),
          );
          subscriber.add(() => connection.close().subscribe({ error: () => {} }));
        });
        return merge(response$, connection.write(octets).pipe(catchError(() => EMPTY))).pipe(
          take(1),
          timeout({ first: receiveTimeout * 1000, scheduler }),
        );
      }),
    );
    return merge(lost$, connected$).pipe(
      take(1),
      map((response) => {
        this.response = response;
        this.position = 0;
        return { status: response.status, length: response.body.length };
      }),
      catchError((error: unknown) => of({ status: errorCode(error), length: 0 })),
      finalize(() => {
        this.busy = false;
      }),
    );
  }

  private request(method: string, { host, port, path, secure }: Target): HttpRequest {
    const { contentType, accept, userData, rangeStart, rangeEnd } = this.parameters;
    const usual = port === (secure ? 443 : 80);
    const hasBody = method === 'POST' || method === 'PUT';
    const headers = [`Accept: ${accept}`, ...(hasBody ? [`Content-Type: ${contentType}`] : [])];
    if (rangeStart > 0 || rangeEnd > 0)
      headers.push(`Range: bytes=${rangeStart}-${rangeEnd > 0 ? rangeEnd : ''}`);
    if (userData !== '') headers.push(userData);
    const body = hasBody ? this.body : new Uint8Array();
    return { method, host: usual ? host : `${host}:${port}`, path, headers, body };
  }
}

interface Target {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

/** `http://host[:port][/path]`, or `https`. */
export function parseUrl(url: string): Target | undefined {
  const match = /^(https?):\/\/([^/:?#]+)(?::(\d{1,5}))?([/?][^#]*)?/i.exec(url);
  if (match === null) return undefined;
  const [, scheme = '', host = '', portText, rest = '/'] = match;
  const secure = scheme.toLowerCase() === 'https';
  const port = portText === undefined ? (secure ? 443 : 80) : Number(portText);
  const path = rest.startsWith('/') ? rest : `/${rest}`;
  return port >= 1 && port <= 65_535 ? { secure, host, port, path } : undefined;
}

function errorCode(error: unknown): number {
  if (error instanceof TimeoutError) return HTTP_ERR.timeout;
  if (error instanceof MissingCertificate) return HTTP_ERR.certificate;
  if (!(error instanceof NetworkError)) return HTTP_ERR.network;
  if (error.failure === 'unknown-host') return HTTP_ERR.dns;
  if (error.failure === 'handshake') return HTTP_ERR.handshake;
  return error.failure === 'timeout' ? HTTP_ERR.timeout : HTTP_ERR.connect;
}

/** The session that is open, if one is. */
export const httpOf = perModule((module) => {
  const holder: { session: HttpSession | undefined } = { session: undefined };
  module.watchPower((power) => {
    if (power === 'off') holder.session = undefined;
  });
  return holder;
});

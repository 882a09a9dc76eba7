import {
  concat,
  defer,
  filter,
  ignoreElements,
  merge,
  mergeMap,
  Observable,
  of,
  ReplaySubject,
  Subject,
  take,
  takeUntil,
  tap,
  throwError,
  timer,
} from 'rxjs';
import type { LinkEnd } from '../byte-link.js';
import { drainWithin } from '../drain.js';
import { TransportError } from '../errors.js';
import type { DuplexLink } from '../node/from-duplex.js';
import { type ReceiveQueue, receiveQueue } from '../receive-queue.js';
import type { InputLines, OutputLines } from '../serial-link.js';
import { writing } from '../write-data.js';
import {
  ANSWER,
  baudRateSetting,
  COM_PORT,
  comPort,
  framingSettings,
  lineSettings,
  modemState,
  type Setting,
} from './com-port.js';
import { Options } from './options.js';
import type { RemotePort, Rfc2217Options } from './remote-port.js';
import { escaped, subnegotiation, TelnetParser } from './telnet.js';

const BINARY = 0;
const SUPPRESS_GO_AHEAD = 3;
/** Received bytes that wait for a paused consumer before the connection itself is paused. */
const HIGH_WATER = 65_536;
/** Characters of a server's last words that are kept. */
const LONGEST_TEXT = 200;
/** Answers to options that wait to be sent; a server that causes more does so on purpose. */
const MOST_ANSWERS = 16_384;

/** A serial port of an RFC 2217 server, over an open connection. */
export class Rfc2217Link implements RemotePort {
  private readonly wire: DuplexLink;
  private readonly settings: Rfc2217Options;
  private readonly receiving: ReceiveQueue;
  private readonly parser: TelnetParser;
  private readonly options: Options;
  private readonly answers = new Subject<readonly number[]>();
  private readonly agreed = new ReplaySubject<boolean>(1);
  private readonly state = new ReplaySubject<InputLines>(1);
  /** The server asked to hold back (RFC 2217, flow control suspend). */
  private suspended: Subject<void> | undefined;
  private unsent = 0;
  /** Whether the server has negotiated any option: it speaks Telnet. */
  private isTelnet = false;
  /** What the server printed while the port was being set up, for the error of a hang-up. */
  private printed: string | undefined = '';
  private speed: number;

  constructor(wire: DuplexLink, settings: Rfc2217Options) {
    this.wire = wire;
    this.settings = settings;
    this.speed = settings.baudRate ?? 115_200;
    this.receiving = receiveQueue((hasDemand) => {
      if (hasDemand) wire.resume();
    });
    this.options = new Options(
      (bytes) => this.answer(bytes),
      (option, on) => {
        if (option === COM_PORT) this.agreed.next(on);
      },
    );
    this.parser = new TelnetParser({
      data: (bytes) => {
        if (this.printed !== undefined) this.printed = (this.printed + printable(bytes)).slice(-LONGEST_TEXT);
        this.receiving.push(bytes);
      },
      negotiation: (verb, option) => {
        this.isTelnet = true;
        this.options.receive(verb, option);
      },
      subnegotiation: (option, bytes) => {
        if (option === COM_PORT) this.notified(bytes);
      },
    });
    wire.received$.subscribe({
      next: (chunk) => {
        this.parser.push(chunk);
        if (this.receiving.queuedBytes >= HIGH_WATER) wire.pause();
      },
      error: () => {},
    });
    wire.ended$.subscribe((end) => this.over(end));
  }

  get received$() {
    return this.receiving.received$;
  }

  get ended$() {
    return this.receiving.ended$;
  }

  get baudRate(): number {
    return this.speed;
  }

  /** Agrees on the options and sets the port as it is wanted. */
  setUp(): Observable<never> {
    return concat(
      new Observable<never>((subscriber) => {
        for (const option of [COM_PORT, BINARY, SUPPRESS_GO_AHEAD]) this.options.offer(option);
        for (const option of [BINARY, SUPPRESS_GO_AHEAD]) this.options.ask(option);
        subscriber.complete();
      }),
      this.inTime(this.agreed, 'does not answer the offer of RFC 2217').pipe(
        mergeMap((on) => (on ? [] : throwError(() => this.unsupported('does not speak RFC 2217')))),
      ),
      // A port without modem lines has no answer to this.
      this.send([comPort.modemStateMask, 0xff]),
      this.setBaudRate(this.speed),
      ...framingSettings(this.settings).map((setting) => this.set(setting)),
    ).pipe(
      tap({
        complete: () => {
          this.printed = undefined;
        },
      }),
    );
  }

  /** Why the port cannot be used, when the server hung up before it was set up; undefined afterwards. */
  hungUp(): TransportError | undefined {
    const { printed } = this;
    if (printed === undefined) return undefined;
    const { host, port } = this.settings;
    const said = printed.trim();
    const words = said === '' ? 'It said nothing.' : `It said: "${said}".`;
    const message = `The server at ${host}:${port} hung up before the port was set up. ${words}`;
    return new TransportError(/in use|busy/i.test(said) ? 'PORT_BUSY' : 'PORT_FAILED', message);
  }

  readonly write = writing((bytes) =>
    defer(() => {
      const write$ = this.wire.write(escaped(bytes));
      return this.suspended === undefined ? write$ : concat(this.suspended.pipe(ignoreElements()), write$);
    }),
  );

  pause(): void {
    this.receiving.pause();
  }

  resume(): void {
    this.receiving.resume();
  }

  close(): Observable<never> {
    return this.wire.close();
  }

  setBaudRate(baudRate: number): Observable<never> {
    return this.set(baudRateSetting(baudRate)).pipe(
      tap({
        complete: () => {
          this.speed = baudRate;
        },
      }),
    );
  }

  setLines(lines: Partial<OutputLines>): Observable<never> {
    return concat(...lineSettings(lines).map((setting) => this.set(setting)));
  }

  lines(): Observable<InputLines> {
    return this.inTime(this.state, 'tells nothing of its modem lines');
  }

  get lines$(): Observable<InputLines> {
    return this.state.pipe(takeUntil(this.receiving.ended$));
  }

  purge(): Observable<never> {
    return this.set([comPort.purge, 3]);
  }

  drain(limit?: number): Observable<never> {
    const { host, port } = this.settings;
    return drainWithin(this.write(new Uint8Array(0)), `${host}:${port}`, limit);
  }

  /** Sends a setting and waits for the server to confirm it. */
  private set(setting: Setting): Observable<never> {
    const [command, ...wanted] = setting;
    const what = `setting ${Object.entries(comPort).find(([, number]) => number === command)?.[0]}`;
    const answer$ = this.answers.pipe(filter(([answered]) => answered === command + ANSWER));
    return merge(this.inTime(answer$, `does not confirm ${what}`), this.send(setting)).pipe(
      take(1),
      mergeMap(([, ...given]) =>
        wanted.every((byte, index) => given[index] === byte)
          ? []
          : throwError(() => this.unsupported(`refuses ${what} to ${wanted.join(' ')}`)),
      ),
    );
  }

  private send(setting: Setting): Observable<never> {
    return this.wire.write(subnegotiation(COM_PORT, Uint8Array.from(setting)));
  }

  private inTime<T>(source: Observable<T>, failure: string): Observable<T> {
    const late$ = timer(this.settings.answerTimeout ?? 5_000).pipe(
      mergeMap(() => throwError(() => this.unsupported(failure))),
    );
    const lost$ = this.receiving.ended$.pipe(
      mergeMap((end) => (end.by === 'lost' ? throwError(() => end.error) : of())),
    );
    return merge(source, late$, lost$).pipe(take(1));
  }

  private unsupported(what: string): TransportError {
    const { host, port } = this.settings;
    const hint = this.isTelnet
      ? 'Set the port of the server to RFC 2217 (ser2net: telnet(rfc2217)); tcp() would damage bytes here.'
      : 'It does not seem to speak Telnet: use tcp() if this is a raw port, or set the port of the server to ' +
        'RFC 2217 (ser2net: telnet(rfc2217)).';
    return new TransportError('UNSUPPORTED', `The server at ${host}:${port} ${what}. ${hint}`);
  }

  private notified(bytes: Uint8Array): void {
    const [command = 0, ...value] = bytes;
    switch (command - ANSWER) {
      case comPort.notifyModemState:
        this.state.next(modemState(value[0] ?? 0));
        break;
      case comPort.suspend:
        this.suspended ??= new Subject();
        break;
      case comPort.resume:
        this.suspended?.complete();
        this.suspended = undefined;
        break;
      default:
        this.answers.next([command, ...value]);
    }
  }

  private answer(bytes: Uint8Array): void {
    this.unsent += bytes.length;
    if (this.unsent > MOST_ANSWERS) {
      const error = new TransportError('PROTOCOL', 'The server floods the connection with Telnet options.');
      this.over({ by: 'lost', error });
      this.wire.destroy();
      return;
    }
    this.wire.write(bytes).subscribe({
      error: () => {},
      complete: () => {
        this.unsent -= bytes.length;
      },
    });
  }

  private over(end: LinkEnd): void {
    this.receiving.end(end);
    this.suspended?.error(new TransportError('TRANSPORT_CLOSED', 'The connection has ended.'));
  }
}

/** The printable characters of what a server says, as one line. */
function printable(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes).replace(/[^\x20-\x7e]+/g, ' ');
}

import { isObservable, of, type SchedulerLike, Subscription, take } from 'rxjs';
import type { Connection, Network } from '../networks/network.js';
import type { Behaviour } from './behaviour.js';
import { Link } from './link.js';
import { printAnswer, printUnsolicited, prompt } from './printer.js';
import type { Profile } from './profile.js';
import { type FinalReply, type Part, type PromptReply, type Reply, type Result, refuse } from './reply.js';
import { parseCommandLine, type Request } from './request.js';
import { Scanner, type ScannerTarget } from './scanner.js';
import type { Server } from './server.js';

/** What AT commands set and a restart forgets. */
export interface Settings {
  echo: boolean;
  verbose: boolean;
  cmee: number;
  /** Buffer access mode (`CIPRXGET=1`). */
  buffered: boolean;
}

/** What the outside decides. */
export interface Surroundings {
  /** What `AT+CPIN?` tells, or the CME code that it fails with. */
  sim: string | { readonly cme: number };
  /** `<stat>` of `CREG`, `CGREG` and `CEREG`. */
  registration: number;
  rssi: number;
}

/** What a {@link Module} is made of. */
export interface ModuleOptions {
  readonly scheduler: SchedulerLike;
  readonly network: Network;
  readonly profile: Profile;
  /** The newest of a name comes last and wins. */
  readonly behaviours: readonly Behaviour[];
  readonly surroundings: Surroundings;
  /** Takes the bytes that the module prints. */
  readonly output: (bytes: Uint8Array) => void;
}

/** A PDP context as `AT+CGDCONT` defines it. */
export interface Context {
  readonly type: string;
  readonly apn: string;
}

const LINKS = 10;

/**
 * The module: its state, the command interpreter and the printing. What single commands do is in
 * the behaviours.
 */
export class Module implements ScannerTarget {
  readonly scheduler: SchedulerLike;
  readonly network: Network;
  readonly profile: Profile;
  readonly surroundings: Surroundings;
  readonly links: readonly Link[] = Array.from({ length: LINKS }, (_, number) => new Link(number, this));
  readonly servers = new Map<number, Server>();
  /** Stored by the module: a restart keeps them. */
  readonly contexts = new Map<number, Context>([[1, { type: 'IP', apn: '' }]]);
  settings: Settings = defaultSettings();
  /** The socket service of `AT+NETOPEN`. */
  service: 'closed' | 'opening' | 'open' = 'closed';
  busy = false;
  private readonly behaviours = new Map<string, Behaviour>();
  private readonly output: (bytes: Uint8Array) => void;
  private readonly scanner = new Scanner(this);
  private takePayload: PromptReply['take'] | undefined;
  /** The rest of a command line, and the information text that its first commands gave. */
  private pending: { readonly requests: Request[]; readonly parts: Part[] } = { requests: [], parts: [] };
  /** Whatever goes on in the background and ends with the power. */
  private work = new Subscription();

  constructor(options: ModuleOptions) {
    this.scheduler = options.scheduler;
    this.network = options.network;
    this.profile = options.profile;
    this.surroundings = options.surroundings;
    this.output = options.output;
    for (const behaviour of options.behaviours) this.behaviours.set(behaviour.command, behaviour);
  }

  /** Bytes from the host. */
  feed(bytes: Uint8Array): void {
    this.scanner.feed(bytes);
  }

  /** Prints an unsolicited unit, or one that follows a result. */
  report(text: string): void {
    this.output(printUnsolicited(text));
  }

  /** Hands received bytes over in direct push mode, at most 1500 in a unit. */
  push(link: Link, bytes: Uint8Array): void {
    const { host, port } = link.remote;
    for (let at = 0; at < bytes.length; at += 1500) {
      const piece = bytes.subarray(at, at + 1500);
      this.output(printUnsolicited(`RECV FROM:${host}:${port}`, `+IPD${piece.length}`));
      this.output(piece);
    }
  }

  /** Does something later, unless the module is switched off before. */
  later(delay: number, work: () => void): void {
    const action = this.scheduler.schedule(() => {
      this.work.remove(action);
      work();
    }, delay);
    this.work.add(action);
  }

  /** Gives a connection that a server has accepted the lowest free link, if there is one. */
  accept(server: Server, connection: Connection): boolean {
    const link = this.links.find(({ state }) => state === 'free');
    if (link === undefined) return false;
    link.open(server.index, connection.remote);
    const { host, port } = connection.remote;
    this.report(`+CLIENT: ${link.number},${server.index},${host}:${port}`);
    link.connected(connection);
    return true;
  }

  linkFreed(): void {
    for (const server of this.servers.values()) server.linkFreed();
  }

  /** Stops the servers and drops the links without a word. */
  closeService(): void {
    for (const server of this.servers.values()) server.stop();
    this.servers.clear();
    for (const link of this.links) link.drop();
    this.service = 'closed';
  }

  /** The bearer goes away: every link is closed without a report of its own. */
  loseBearer(): void {
    if (this.service === 'closed') return;
    this.closeService();
    this.report('+CGEV: NW PDN DEACT 1');
    this.report('+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY');
  }

  /** Switches the module off: nothing goes on, everything but stored settings is forgotten. */
  powerOff(): void {
    this.work.unsubscribe();
    this.work = new Subscription();
    this.closeService();
    this.scanner.reset();
    this.takePayload = undefined;
    this.pending = { requests: [], parts: [] };
    this.busy = false;
    this.settings = defaultSettings();
  }

  /** A restart that nobody asked for, with its start-up lines. */
  restart(): void {
    this.powerOff();
    for (const line of this.profile.startLines) this.report(line);
  }

  typed(bytes: Uint8Array): void {
    if (this.settings.echo) this.output(bytes.slice());
  }

  commandLine(line: string): void {
    if (line.trim() === '') return;
    this.busy = true;
    const requests = parseCommandLine(line);
    if (requests === undefined) {
      this.finish(refuse());
      return;
    }
    this.pending = { requests, parts: [] };
    this.runNext();
  }

  payload(bytes: Uint8Array): void {
    const take = this.takePayload;
    if (take === undefined) return;
    this.takePayload = undefined;
    if (this.settings.echo) this.output(bytes.slice());
    this.await(take(bytes));
  }

  private runNext(): void {
    const request = this.pending.requests.shift();
    if (request !== undefined) this.await(this.handle(request));
  }

  private handle(request: Request) {
    const handler = this.behaviours.get(request.name)?.[request.form];
    return handler === undefined ? refuse() : handler(request, this);
  }

  private await(reply: ReturnType<NonNullable<PromptReply['take']>>): void {
    const reply$ = isObservable(reply) ? reply : of(reply);
    this.work.add(reply$.pipe(take(1)).subscribe((settled) => this.answer(settled)));
  }

  private answer(reply: Reply): void {
    if ('prompt' in reply) {
      this.takePayload = reply.take;
      this.scanner.expectPayload(reply.prompt);
      this.output(prompt);
      this.scanner.proceed();
      return;
    }
    this.pending.parts.push(...reply.parts);
    if (reply.result === 'OK' && this.pending.requests.length > 0) this.runNext();
    else this.finish(reply);
  }

  private finish({ result, then }: FinalReply): void {
    const { parts } = this.pending;
    this.pending = { requests: [], parts: [] };
    this.printResult(parts, result);
    this.busy = false;
    then?.();
    this.scanner.proceed();
  }

  private printResult(parts: readonly Part[], result: Result): void {
    this.output(printAnswer(parts, result, this.settings));
  }
}

function defaultSettings(): Settings {
  return { echo: true, verbose: true, cmee: 2, buffered: false };
}

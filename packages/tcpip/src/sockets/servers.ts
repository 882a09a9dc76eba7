import { type ServerState, serverStart } from '@a7600/at-codec';
import {
  concat,
  defer,
  EMPTY,
  ignoreElements,
  mergeMap,
  type Observable,
  of,
  Subject,
  startWith,
  takeWhile,
  tap,
} from 'rxjs';
import { ModemError } from '../base/errors.js';
import type { Lifetime } from '../base/lifetime.js';
import { saysServerInUse } from '../base/refusals.js';
import { runRepeatable } from '../lane/repeat.js';
import type { Session } from '../session/session.js';
import { stopServer } from './stop-server.js';

/** Servers of a module (application note, 1.6). */
const SERVERS = 4;

/** A server that listens. */
export interface Listening {
  readonly port: number;
  /** Starts it again. */
  readonly start$: Observable<unknown>;
  /** Called when it does not listen any more, and cannot be started again. */
  readonly onFailed: (error: unknown) => void;
}

interface Held {
  readonly lifetime: Lifetime;
  /** Undefined until it listens. */
  readonly listening: Listening | undefined;
  /** Another program, which may keep it, has its index; `for now` where the two fight for it. */
  readonly isTaken: boolean | 'for now';
}

/** The servers of a network by their index, and what to do when one does not listen any more. */
export class Servers {
  private readonly session: Session;
  private readonly used = new Map<number, Held>();
  /** Indexes that another program was found to have. */
  private readonly others = new Set<number>();
  private readonly freed = new Subject<void>();

  constructor(session: Session) {
    this.session = session;
  }

  /** Waits while all servers listen and one is being stopped. Cold; completes at once if that is not so. */
  whenFree(): Observable<never> {
    const waiting = () =>
      this.used.size >= SERVERS && [...this.used.values()].some(({ lifetime }) => lifetime.ending);
    return this.freed.pipe(startWith(undefined), takeWhile(waiting), ignoreElements());
  }

  /** Waits while the server with that index is being stopped. Cold; completes at once if it is not. */
  whenStopped(server: number): Observable<never> {
    const waiting = () => this.used.get(server)?.lifetime.ending === true;
    return this.freed.pipe(startWith(undefined), takeWhile(waiting), ignoreElements());
  }

  /** Takes the lowest free index from `first` on. Throws `CAPACITY` when there is none. */
  claim(lifetime: Lifetime, first: number): number {
    for (let server = first; server < SERVERS; server++) {
      if (this.used.has(server) || this.others.has(server)) continue;
      this.add(server, lifetime);
      return server;
    }
    throw new ModemError(
      'CAPACITY',
      `The module has ${SERVERS - first} servers and all are listening. Unsubscribe from one first.`,
    );
  }

  /** Another program has that index: it is not taken before the module says that it is free. */
  leave(server: number): void {
    this.others.add(server);
  }

  /** Takes that index. */
  add(server: number, lifetime: Lifetime): void {
    this.used.set(server, { lifetime, listening: undefined, isTaken: false });
  }

  /** The server listens. */
  listening(server: number, listening: Listening): void {
    const held = this.used.get(server);
    if (held !== undefined) this.used.set(server, { ...held, listening });
  }

  delete(server: number): void {
    this.used.delete(server);
    this.freed.next();
  }

  /** How many indexes are taken. */
  get size(): number {
    return this.used.size;
  }

  /** Compares them with the servers that the module lists. Cold. */
  confirm(): Observable<unknown> {
    return defer(() => {
      const before = new Map(this.used);
      return this.list().pipe(
        // A line may be lost or damaged: what the module lists otherwise than expected counts when it does so twice.
        mergeMap((listed) => (this.isAsExpected(listed) ? of(listed) : this.list())),
        tap((listed) => {
          for (const [server, held] of before) {
            const { listening } = held;
            if (this.used.get(server) !== held || listening === undefined) continue;
            const state = listed.find((each) => each.server === server);
            if (state?.port !== listening.port) this.restart(server, held, listening, state);
          }
          for (const server of this.others) {
            if (!listed.some((state) => state.server === server)) this.others.delete(server);
          }
          for (const state of listed) {
            if (!before.has(state.server) && !this.used.has(state.server)) this.unknown(state);
          }
        }),
      );
    });
  }

  /** Stops the server, unless another program has its index. Cold; completes also when that is refused. */
  stop(server: number): Observable<never> {
    return defer(() => (this.used.get(server)?.isTaken ? EMPTY : stopServer(this.session, server)));
  }

  private restart(
    server: number,
    held: Held,
    { port, start$, onFailed }: Listening,
    successor: ServerState | undefined,
  ): void {
    const { session } = this;
    if (held.lifetime.ending) return;
    if (successor !== undefined && !this.mayStop(server)) {
      const isForNow = session.exclusive && !session.foreign.hasServer(server);
      this.used.set(server, { ...held, isTaken: isForNow ? 'for now' : true });
      if (!isForNow) onFailed(replaced(port, successor));
      else if (held.isTaken === false) session.report({ kind: 'server gone', server, action: 'left alone' });
      return;
    }
    this.used.set(server, { ...held, isTaken: false });
    session.report({ kind: 'server gone', server, action: 'started again' });
    concat(successor === undefined ? EMPTY : stopServer(session, server), start$).subscribe({
      error: (error: unknown) => {
        if (!saysServerInUse(error)) onFailed(error);
      },
    });
  }

  private list(): Observable<readonly ServerState[]> {
    return runRepeatable(this.session.lane, serverStart.read());
  }

  private isAsExpected(listed: readonly ServerState[]): boolean {
    return [...this.used].every(([server, { listening }]) => {
      const state = listed.find((each) => each.server === server);
      return listening === undefined || state?.port === listening.port;
    });
  }

  private unknown({ server, port }: ServerState): void {
    const { session } = this;
    const action = this.mayStop(server) ? 'stopped' : 'left alone';
    session.report({ kind: 'unknown server', server, port, action });
    if (action === 'stopped') stopServer(session, server).subscribe();
  }

  /** Whether a server that nothing here started is to be stopped. */
  private mayStop(server: number): boolean {
    const { session } = this;
    return !session.foreign.hasServer(server) && session.mayEnd();
  }
}

function replaced(port: number, { server, port: other }: ServerState): ModemError {
  return new ModemError(
    'PORT_IN_USE',
    `The server on port ${port} does not listen any more: another program has started one on port ${other} in its ` +
      `place (server ${server}), and the modem is shared. Stop that one, then listen again.`,
    { command: 'AT+SERVERSTART' },
  );
}

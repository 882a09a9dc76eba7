import { type ServerState, serverStart } from '@a7600/at-codec';
import { defer, ignoreElements, type Observable, Subject, startWith, takeWhile, tap } from 'rxjs';
import { ModemError } from '../base/errors.js';
import type { Lifetime } from '../base/lifetime.js';
import { runRepeatable } from '../lane/repeat.js';
import type { Session } from '../session/session.js';
import { stopServer } from './stop-server.js';

/** Servers of a module (application note, 1.6). */
const SERVERS = 4;

interface Held {
  readonly lifetime: Lifetime;
  /** Undefined until it listens. */
  readonly onGone: (() => void) | undefined;
}

/** The servers of a network by their index, and what to do when one does not listen any more. */
export class Servers {
  private readonly session: Session;
  private readonly used = new Map<number, Held>();
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

  /** Takes the lowest free index from `first` on. Throws `CAPACITY` when there is none. */
  claim(lifetime: Lifetime, first: number): number {
    for (let server = first; server < SERVERS; server++) {
      if (this.used.has(server)) continue;
      this.add(server, lifetime);
      return server;
    }
    throw new ModemError(
      'CAPACITY',
      `The module has ${SERVERS - first} servers and all are listening. Unsubscribe from one first.`,
    );
  }

  /** Takes that index. */
  add(server: number, lifetime: Lifetime): void {
    this.used.set(server, { lifetime, onGone: undefined });
  }

  /** The server listens; `onGone` is called when the module turns out not to list it any more. */
  listening(server: number, onGone: () => void): void {
    const held = this.used.get(server);
    if (held !== undefined) this.used.set(server, { ...held, onGone });
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
      return runRepeatable(this.session.lane, serverStart.read()).pipe(
        tap((listed) => {
          for (const [server, held] of before) {
            if (this.used.get(server) !== held) continue;
            if (listed.every((state) => state.server !== server)) held.onGone?.();
          }
          for (const state of listed) {
            if (!before.has(state.server) && !this.used.has(state.server)) this.unknown(state);
          }
        }),
      );
    });
  }

  private unknown({ server, port }: ServerState): void {
    const { session } = this;
    const action = session.exclusive && !session.foreign.hasServer(server) ? 'stopped' : 'left alone';
    session.report({ kind: 'unknown server', server, port, action });
    if (action === 'stopped') stopServer(session, server).subscribe();
  }
}

import { type ServerState, serverStart } from '@a7600/at-codec';
import { defer, type Observable, tap } from 'rxjs';
import { ModemError } from '../base/errors.js';
import { runRepeatable } from '../lane/repeat.js';
import type { Session } from '../session/session.js';
import { stopServer } from './stop-server.js';

/** Servers of a module (application note, 1.6). */
const SERVERS = 4;

/** The servers of a network by their index, and what to do when one does not listen any more. */
export class Servers {
  private readonly session: Session;
  private readonly used = new Map<number, (() => void) | undefined>();

  constructor(session: Session) {
    this.session = session;
  }

  /** Takes the lowest free index. Throws `CAPACITY` when there is none. */
  claim(): number {
    for (let server = 0; server < SERVERS; server++) {
      if (this.used.has(server)) continue;
      this.used.set(server, undefined);
      return server;
    }
    throw new ModemError(
      'CAPACITY',
      `The module has ${SERVERS} servers and all are listening. Unsubscribe from one first.`,
    );
  }

  /** Takes that index. */
  add(server: number): void {
    this.used.set(server, undefined);
  }

  /** The server listens; `onGone` is called when the module turns out not to list it any more. */
  listening(server: number, onGone: () => void): void {
    this.used.set(server, onGone);
  }

  delete(server: number): void {
    this.used.delete(server);
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
          for (const [server, onGone] of before) {
            if (onGone === undefined || this.used.get(server) !== onGone) continue;
            if (listed.every((state) => state.server !== server)) onGone();
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

import { type Command, LAST_LINK } from '@a7600/at-codec';
import {
  catchError,
  concat,
  defer,
  EMPTY,
  ignoreElements,
  Observable,
  of,
  ReplaySubject,
  retry,
  throwError,
} from 'rxjs';
import { after } from '../base/after.js';
import type { Lifetime } from '../base/lifetime.js';
import { isUnanswered, saysLinkInUse } from '../base/refusals.js';
import { follow } from '../links/follow.js';
import { type LinkSocket, LinkTaken } from './link-socket.js';
import type { NetworkScope } from './scope.js';

/** Attempts with another link when the module has just given the chosen one to a client, or another program has it. */
const ATTEMPTS = LAST_LINK;

/**
 * Opens a socket on a free link when subscribed to: emits it once, completes when it has ended,
 * errors when it cannot be opened or breaks. Unsubscribing closes it, also in the middle of opening.
 *
 * @param free waits for what has to be given back before it can be opened
 */
export function openLink<S extends LinkSocket<unknown>>(
  scope: NetworkScope,
  make: (link: number) => S,
  command: (link: number) => Command<void>,
  free: (lifetime: Lifetime) => Observable<never> = () => EMPTY,
): Observable<S> {
  const { links } = scope.session;
  return after(links.whenFree(), () => attempt(scope, make, command, free)).pipe(
    retry({
      count: ATTEMPTS,
      delay: (error) => (error instanceof LinkTaken ? of(0) : throwError(() => error)),
    }),
  );
}

/** What becomes of a TCP connection shows whether data passes. */
function reach<T>(
  { session }: NetworkScope,
  { info }: LinkSocket<unknown>,
  open$: Observable<T>,
): Observable<T> {
  const { kind, remote } = info;
  return kind === 'tcp' && remote !== undefined ? session.bearer.attempt(remote.host, open$) : open$;
}

function attempt<S extends LinkSocket<unknown>>(
  scope: NetworkScope,
  make: (link: number) => S,
  command: (link: number) => Command<void>,
  free: (lifetime: Lifetime) => Observable<never>,
): Observable<S> {
  const { session } = scope;
  const { lane, links } = session;
  return new Observable((subscriber) => {
    const socket = links.claim(make, scope.firstFree);
    const { link } = socket;
    const lifetime = scope.lifetime.child();
    const open$ = after(free(lifetime), () =>
      reach(scope, socket, lane.run(command(link))).pipe(ignoreElements()),
    );
    const opened = new ReplaySubject<never>(0);
    let settled = false;
    let unsubscribed = false;

    const inUse = (error: unknown): Observable<never> => {
      if (!saysLinkInUse(error)) return throwError(() => error);
      // Held by a client that was accepted meanwhile, or left over from an earlier session, or another program's.
      if (links.has(link, socket)) {
        if (session.mayEnd()) return after(links.close(link), () => open$);
        links.leave(link);
      }
      return throwError(() => new LinkTaken());
    };

    lifetime.onRelease(() =>
      concat(
        defer(() => (settled || !links.has(link, socket) ? EMPTY : links.close(link))),
        opened.pipe(catchError(() => EMPTY)),
        defer(() => (unsubscribed ? socket.release() : socket.abort())),
      ),
    );
    subscriber.add(() => {
      unsubscribed = !scope.lifetime.ending;
      links.leaves(socket);
      lifetime.release();
    });

    open$.pipe(catchError(inUse)).subscribe(opened);
    opened.subscribe({
      error: (error: Error) => {
        settled = true;
        links.refused(error);
        if (isUnanswered(error)) socket.abort();
        else socket.lost(error);
        // Before the subscriber hears of it: it may open the same again at once.
        lifetime.release();
        subscriber.error(error);
      },
      complete: () => {
        settled = true;
        socket.opened();
        subscriber.next(socket);
      },
    });
    follow(socket, subscriber);
  });
}

import { cipOpen, isAtError } from '@a7600/at-codec';
import { concat, defer, ignoreElements, Observable } from 'rxjs';
import { ModemError } from '../base/errors.js';
import { saysLinkInUse } from '../base/refusals.js';
import { TRANSPARENT_LINK } from '../line/online-commands.js';
import { follow } from '../links/follow.js';
import type { NetworkScope } from '../sockets/scope.js';
import type { TransparentTarget } from './options.js';
import { TransparentLink, type TransparentSettings } from './transparent-link.js';
import type { TransparentSession } from './transparent-session.js';

/** Connects link 0 in transparent mode when subscribed to. */
export function dial(
  scope: NetworkScope,
  { host, port, type = 'tcp', localPort }: TransparentTarget,
  settings: TransparentSettings,
): Observable<TransparentSession> {
  const { line, data, links } = scope.session;
  const command = cipOpen.transparent({ type: type === 'udp' ? 'UDP' : 'TCP', host, port, localPort });
  return new Observable((subscriber) => {
    const lifetime = scope.lifetime.child();
    subscriber.add(() => lifetime.release());

    const attempt = (isFirst: boolean) => {
      const link: TransparentLink = new TransparentLink(scope.session, {
        ...settings,
        remote: { host, port },
        server: undefined,
        isReleased: () => lifetime.ending,
        onOpened: () => subscriber.next(link),
      });
      links.accept(TRANSPARENT_LINK, link);
      lifetime.onRelease(() => link.abort());
      const connect$ = defer(() => {
        if (lifetime.ending)
          throw new ModemError('CLOSED', 'The connection was given up before it was made.');
        line.connecting(link, false);
        return data.lane.run(command).pipe(ignoreElements());
      });
      concat(line.prepare(), connect$).subscribe({
        error: (error: Error) => {
          // The link may be left over from an earlier session: it is closed, and opened again.
          if (isFirst && saysLinkInUse(error) && !lifetime.ending) {
            links.close(TRANSPARENT_LINK).subscribe({ complete: () => attempt(false) });
            return;
          }
          follow(link, subscriber);
          link.lost(error);
          links.refused(error);
          if (isAtError(error, 'UNREADABLE_ANSWER')) scope.notTransparent();
        },
        complete: () => follow(link, subscriber),
      });
    };
    attempt(true);
  });
}

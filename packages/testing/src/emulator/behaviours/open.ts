import { Observable, of, Subscription, switchMap, take, timeout } from 'rxjs';
import type { Connection } from '../../networks/network.js';
import type { Behaviour } from '../at/behaviour.js';
import { connectThen, type FinalReply, ok, okThen, type Reply, refuse, result } from '../at/reply.js';
import type { Request } from '../at/request.js';
import { number } from '../at/values.js';
import type { Module } from '../module.js';
import type { LinkType } from '../profiles/links.js';
import type { Link } from '../sockets/link.js';
import { connectLimit } from '../sockets/retransmission.js';
import { udpChannel } from '../sockets/udp-channel.js';
import { connectErr, ERR, ipError, linkAt } from './errors.js';

/** Opening links (protocol 3.3, 9.3). */
export const open: readonly Behaviour[] = [
  {
    command: '+CIPOPEN',
    // It ends by itself after the time of `AT+CIPTIMEOUT`, which is 120 s at most.
    maxTime: 130_000,
    test: (_, { profile }) => ok(`+CIPOPEN: (0-9),(${profile.linkTypes.map((type) => `"${type}"`).join()})`),
    read: (_, module) => ok(...module.sockets.links.map((link) => listing(link, module))),
    write: (request, module) => openLink(request, module),
  },
];

function listing(link: Link, { profile }: Module): string {
  const { number: index, state, use } = link;
  if (state !== 'open') return `+CIPOPEN: ${index}`;
  const accepted = use.server >= 0 && profile.acceptedIndex === 'always 1' ? 1 : use.server;
  const hidden = use.type !== 'TCP' && profile.udpListing === 'any';
  const { host, port } = (!hidden && use.remote) || { host: '0.0.0.0', port: 0 };
  return `+CIPOPEN: ${index},"${use.type}","${host}",${port},${accepted}`;
}

/** The parameters of the write form, taken apart. */
interface Opening {
  readonly link: Link;
  readonly type: LinkType;
  readonly host: string;
  readonly port: number | undefined;
  readonly localPort: number | undefined;
  readonly transparent: boolean;
  readonly failed: (err: number) => string;
}

function openLink(request: Request, module: Module): Reply | Observable<Reply> {
  const { sockets, profile } = module;
  const link = linkAt(request.values[0], module);
  if (link === undefined) return ipError('Invalid parameter', module);
  const failed = (err: number) => `+CIPOPEN: ${link.number},${err}`;
  if (!sockets.open) return refuse(failed(ERR.networkClosed));
  const opening = parse(request, link, failed, module);
  if (opening === undefined) return refuse(failed(ERR.wrongParameter));
  // The note goes back to data mode by opening the open link once more (3.3.3).
  if (opening.transparent && opening.type !== 'TCP' && module.dataMode.suspended === link) {
    return connectThen(() => module.dataMode.enter(link, module.port));
  }
  if (link.state !== 'free') return refuse(failed(ERR.notSupported));
  if (sockets.transparent && link.number > 0 && profile.otherLinks === 'refused') {
    return refuse(failed(ERR.notSupported));
  }
  return opening.type === 'TCP' ? openTcp(opening, module) : openUdp(opening, module);
}

function parse(
  { values, quoted }: Request,
  link: Link,
  failed: Opening['failed'],
  module: Module,
): Opening | undefined {
  const { profile } = module;
  const [, type = '', host = '', portText = '', localText = ''] = values;
  const known = profile.linkTypes.find((name) => name === type.toUpperCase());
  const textFits = profile.unquotedText || (quoted[1] === true && (host === '' || quoted[2] === true));
  const port = number(portText, 1, 65_535);
  const localPort = number(localText, 0, 65_535);
  if (known === undefined || !textFits || values.length > 5) return undefined;
  if ((portText !== '' && port === undefined) || (localText !== '' && localPort === undefined))
    return undefined;
  const hasPeer = host !== '' && port !== undefined;
  const complete = known === 'TCP' ? hasPeer : hasPeer === (host !== '' || portText !== '');
  const localFits = known === 'TCP' || localPort !== undefined || !profile.udpNeedsLocalPort;
  const transparent = module.sockets.transparent && link.number === 0;
  if (!complete || !localFits || (transparent && !hasPeer)) return undefined;
  return { link, type: known, host, port, localPort, transparent, failed };
}

/** The connection that the parameters ask for, within the times of `AT+CIPTIMEOUT` and `AT+CSOC`. */
function dial(
  { host, port = 0, localPort }: Opening,
  { network, settings, clock }: Module,
): Observable<Connection> {
  const limit = Math.min(settings.timeouts.connect, connectLimit(settings) ?? Number.POSITIVE_INFINITY);
  return network
    .connect({ host, port }, localPort || undefined)
    .pipe(take(1), timeout({ first: limit, scheduler: clock.scheduler }));
}

function openTcp(opening: Opening, module: Module): Reply | Observable<Reply> {
  const { link, transparent, failed } = opening;
  const attempt = new Subscription();
  link.reserve({ type: 'TCP', server: -1, transparent });
  link.attempting(() => attempt.unsubscribe());
  /** A connection that comes to nothing because the link is given up in between. */
  const orphan = (connection: Connection) => attempt.add(() => link.state !== 'open' && connection.reset());

  if (!transparent) {
    return okThen(() => {
      const dialling = dial(opening, module).subscribe({
        next: (connection) => {
          orphan(connection);
          attempt.add(module.conclude(failed(ERR.ok), () => module.sockets.connect(link, connection)));
        },
        error: (error: unknown) =>
          attempt.add(module.conclude(failed(connectErr(error)), () => link.failed())),
      });
      attempt.add(dialling);
    });
  }
  return new Observable((subscriber) => {
    const dialling = dial(opening, module).subscribe({
      next: (connection) => {
        module.sockets.connect(link, connection);
        subscriber.next(connectThen(() => module.dataMode.enter(link, module.port)));
      },
      error: () => {
        link.failed();
        subscriber.next(result('CONNECT FAIL'));
      },
    });
    attempt.add(dialling);
  });
}

function openUdp(
  { link, type, host, port, localPort, transparent, failed }: Opening,
  module: Module,
): Observable<Reply> {
  const { network, dataMode, port: atPort } = module;
  const open = new Subscription();
  link.reserve({ type, server: -1, transparent });
  link.attempting(() => open.unsubscribe());
  return new Observable<FinalReply>((subscriber) => {
    const addresses$ = host === '' ? of([]) : network.resolve(host).pipe(take(1));
    open.add(
      addresses$
        .pipe(
          switchMap(([address]: readonly string[]) => {
            const peer = address === undefined || port === undefined ? undefined : { host: address, port };
            return network.bind(localPort ?? 0).pipe(switchMap((socket) => of({ socket, peer })));
          }),
        )
        .subscribe({
          next: ({ socket, peer }) => {
            link.opened(peer, udpChannel(socket, open, peer));
            subscriber.next(
              transparent ? connectThen(() => dataMode.enter(link, atPort)) : ok(failed(ERR.ok)),
            );
          },
          error: (error: unknown) => {
            link.failed();
            subscriber.next(transparent ? result('CONNECT FAIL') : refuse(failed(connectErr(error))));
          },
        }),
    );
  });
}

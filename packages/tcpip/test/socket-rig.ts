import { AtError } from '@a7600/at-codec';
import { EMPTY, Subject } from 'rxjs';
import { Lifetime } from '../src/base/lifetime.js';
import type { Job, TrafficSource } from '../src/lane/job.js';
import type { Endpoint } from '../src/links/link-handler.js';
import type { ReceiveMode } from '../src/links/receive-mode.js';
import { Foreign } from '../src/session/foreign.js';
import type { Session } from '../src/session/session.js';
import { Ports } from '../src/sockets/ports.js';
import type { NetworkScope } from '../src/sockets/scope.js';
import { Servers } from '../src/sockets/servers.js';
import { TcpLink } from '../src/sockets/tcp-link.js';
import { UdpLink } from '../src/sockets/udp-link.js';
import type { Acknowledging } from '../src/watch/acknowledgements.js';
import type { Discrepancy } from '../src/watch/discrepancy.js';
import type { Question } from '../src/watch/joint-question.js';
import { tableRig } from './link-rig.js';
import { bytesOf, errorOf, observe, textOf } from './world.js';

/** What the sockets of {@link socketRig} are connected to. */
export const PEER: Endpoint = { host: 'example.com', port: 80 };

/** Sockets whose module is the test: it answers commands, and takes the turns of readers and writers. */
export function socketRig() {
  const rig = tableRig();
  const waiting: TrafficSource[] = [];
  const questions = new Set<Question<number>>();
  const watched = new Set<Acknowledging>();
  const counted: string[] = [];
  const reports: Discrepancy[] = [];
  /** Hosts whose connections show whether data passes. */
  const attempts: string[] = [];
  /** What would be said of an observable that is not subscribed to. */
  const mistakes: string[] = [];
  const state = { isMidFrame: false };
  const lane = Object.assign(rig.lane, {
    wake: (source: TrafficSource) => {
      if (!waiting.includes(source)) waiting.push(source);
    },
  });
  const added = <T>(all: Set<T>) => ({
    add: (one: T) => {
      all.add(one);
      return () => all.delete(one);
    },
  });
  const session = {
    lane,
    scheduler: rig.scheduler,
    links: rig.table,
    linkQuestions: added(questions),
    acknowledgements: added(watched),
    router: rig.router,
    exclusive: true,
    mayEnd: (): boolean => session.exclusive,
    foreign: new Foreign(),
    report: (discrepancy: Discrepancy) => reports.push(discrepancy),
    bearer: {
      attempt: <T>(host: string, open$: T) => {
        attempts.push(host);
        return open$;
      },
    },
    counters: { count: (what: string) => counted.push(what) },
    noticed: <T>(source: T, message: () => string) => {
      mistakes.push(message());
      return source;
    },
    get isMidFrame() {
      return state.isMidFrame;
    },
  } as unknown as Session;

  const watching = <S extends TcpLink | UdpLink>(socket: S) => ({
    socket,
    ended: observe(socket.ended$),
    gone: observe(socket.gone$),
  });
  /** A connection on the highest free link; one with `server` was accepted. */
  const tcp = (receive: ReceiveMode = 'buffer', server?: number) => {
    const make = (link: number) => new TcpLink(session, { link, remote: PEER, server, receive });
    return watching(rig.table.claim(make));
  };
  const udp = (receive: ReceiveMode = 'buffer', remote?: Endpoint) => {
    const make = (link: number) =>
      new UdpLink(session, { link, remote, localPort: 5_000, server: undefined, receive });
    return watching(rig.table.claim(make));
  };

  const lost = new Subject<never>();
  /** A network to open sockets and servers in, and what is different from the usual one. */
  const scope = (different: Partial<NetworkScope> = {}): NetworkScope => ({
    session,
    lifetime: Lifetime.root(rig.scheduler),
    lost$: lost,
    notTransparent: () => {},
    transparentConnection: () => {},
    ports: new Ports(),
    servers: new Servers(session),
    receive: 'buffer',
    linkInHeader: true,
    transparent: false,
    firstFree: 0,
    readyForLinks: () => EMPTY,
    ...different,
  });

  let job: Job | undefined;
  /** The next command of a reader or a writer that goes out, if there is one. */
  const turn = () => {
    let next: Job | undefined;
    while (next === undefined && waiting.length > 0) next = waiting.shift()?.next();
    job = next ?? job;
    return next?.command.text;
  };
  const settle = (value: unknown) => job?.settle({ ok: true, value });
  /** Does something with other turns while this one is under way. */
  const meanwhile = (act: () => void) => {
    const before = job;
    act();
    job = before;
  };
  /** Answers a read. */
  const give = (text: string, rest = 0) => settle({ link: 9, payload: [bytesOf(text)], rest });
  /** The same with bytes that the line has cut. */
  const parts = (...texts: readonly string[]) => settle({ link: 9, payload: texts.map(bytesOf), rest: 0 });
  /** Answers a send. */
  const confirm = (confirmed: number) => settle({ requested: job?.command.payload?.length, confirmed });
  const fail = (error: Error) => job?.settle({ ok: false, error });
  const accepted = () => job?.answered?.();
  /** The payload of that command. */
  const sent = () => (job?.command.payload === undefined ? undefined : textOf([job.command.payload]));
  const turns = { turn, meanwhile, give, parts, confirm, fail, accepted, sent };
  /** A connection that is open, and what it receives. */
  const open = (...how: Parameters<typeof tcp>) => {
    const made = tcp(...how);
    made.socket.opened();
    return { ...made, received: observe(made.socket.received$) };
  };
  return {
    ...rig,
    ...turns,
    open,
    session,
    state,
    questions,
    watched,
    counted,
    mistakes,
    tcp,
    udp,
    scope,
    lost,
    reports,
    attempts,
  };
}

/** A refusal that gives no reason. */
export const refused = () => new AtError('REFUSED', 'ERROR');

/** What a socket and what it receives ended with. */
export const lossOf = ({ ended, received }: ReturnType<ReturnType<typeof socketRig>['open']>) => ({
  ended: ended.values.map((end) => (end.by === 'lost' ? end.error : end.by)),
  received: errorOf(received) ?? received.end,
});

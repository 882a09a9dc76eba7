import {
  at,
  cdnsCfg,
  cdnsGip,
  cipClose,
  cipOpen,
  cipTimeout,
  isAtError,
  SocketErrorNumber,
} from '@a7600/at-codec';
import { isUnanswered } from '../../dialogue/errors.js';
import { Concluded, type Examination } from '../examination.js';
import { found } from '../finding.js';
import { publicHost } from '../public-host.js';
import type { Routine } from '../routine.js';
import { type Verdict, verdict } from '../verdicts.js';
import type { OpenNetwork } from './network.js';

/** A name that every name server knows, beside the one of the target. */
const KNOWN_NAME = 'example.org';
/** Time in ms for a name; modules give up after six seconds unless told otherwise (AT command manual, `AT+CDNSGIP`). */
const LOOKUP = 20_000;
/** Time in ms that the module is told to give a connection (`AT+CIPTIMEOUT`); unless told, it tries for two minutes. */
const CONNECTING = 15_000;
/** The longest time in ms that `AT+CIPTIMEOUT` takes. */
const LONGEST = 120_000;
/** Time in ms for a module that does not know that command. */
const UNBOUNDED = 125_000;

/** Whether data passes: a name, then a connection. */
export function* traffic(
  examination: Examination,
  network: OpenNetwork,
  restore: (() => Routine<unknown>)[],
): Routine<void> {
  yield* boundConnections(examination, restore);
  const { host, port } = examination.options.target;
  const named = !/^[\d.]+$|:/.test(host);
  const link = yield* freeLink(examination);
  const target = `${host}:${port}`;
  if (!named) {
    const connection = yield* connect(examination, link, host, port);
    if (connection.ok) return;
    const other = yield* lookUp(examination, KNOWN_NAME);
    const evidence = [target, ...connection.lines, ...other.lines];
    if (other.ok) throw new Concluded(unreachable(network, connection, evidence));
    const direct = yield* askNameServer(examination, link);
    throw new Concluded(
      direct.ok
        ? unreachable(network, connection, [...evidence, ...direct.lines])
        : noData(examination, network, [...evidence, ...direct.lines]),
    );
  }
  let name = yield* lookUp(examination, host);
  if (!name.ok) {
    const other = yield* lookUp(examination, KNOWN_NAME);
    const evidence = [...name.lines, ...other.lines];
    if (!other.ok) throw new Concluded(yield* withoutNames(examination, network, link, evidence));
    // Names are resolved: an answer that did not come was lost.
    if (name.silent) name = yield* lookUp(examination, host);
    if (!name.ok) throw new Concluded(verdict('NAME_NOT_FOUND', [host, ...evidence]));
  }
  yield found('good', 'names', `${host} is resolved`);
  const connection = yield* connect(examination, link, host, port);
  if (!connection.ok) {
    const evidence = [target, ...name.lines, ...connection.lines];
    throw new Concluded(unreachable(network, connection, evidence));
  }
}

/** Lets the module give up a connection soon, so that the late answer of one is never another's. */
function* boundConnections(examination: Examination, restore: (() => Routine<unknown>)[]): Routine<void> {
  const before = yield* examination.value(cipTimeout.read());
  // A value that no module has was damaged on the line.
  if (before === undefined || before.cipOpen <= CONNECTING || before.cipOpen > LONGEST) return;
  yield* examination.ask(cipTimeout({ cipOpen: CONNECTING }));
  restore.push(() => examination.ask(cipTimeout({ cipOpen: before.cipOpen })));
}

/** Names are resolved, so data passes; the peer is not reached. */
function unreachable(network: OpenNetwork, { silent }: Attempt, evidence: readonly string[]): Verdict {
  if (network.onlyIpv6) return verdict('IPV6_ONLY', [...network.lines, ...evidence]);
  return verdict(silent ? 'PEER_SILENT' : 'PEER_REFUSED', evidence);
}

function noData(examination: Examination, network: OpenNetwork, evidence: readonly string[]): Verdict {
  if (network.onlyIpv6) return verdict('IPV6_ONLY', [...network.lines, ...evidence]);
  return verdict('NO_DATA', evidence, examination.command('at', 'AT+CFUN=4', 'AT+CFUN=1'));
}

/** Neither name is resolved: does a connection by address pass? */
function* withoutNames(
  examination: Examination,
  network: OpenNetwork,
  link: number,
  evidence: readonly string[],
): Routine<Verdict> {
  const direct = yield* askNameServer(examination, link);
  const all = [...evidence, ...direct.lines];
  return direct.ok ? verdict('DNS_DEAD', all) : noData(examination, network, all);
}

/** Whether a connection to a name server passes, by its address. */
function* askNameServer(examination: Examination, link: number): Routine<Attempt> {
  const { value } = yield* examination.ask(cdnsCfg.read());
  const own = value?.find(({ ipv6, primary }) => !ipv6 && primary !== '0.0.0.0')?.primary;
  const address = examination.options.known?.nameServer ?? own ?? NAME_SERVER;
  examination.facts.nameServer = publicHost(address, NAME_SERVER);
  const direct = yield* connect(examination, link, address, 53);
  return direct.ok ? { ...direct, lines: [`${address}:53 took a connection`] } : direct;
}

/** A public name server, for a module that does not say which ones it has. */
const NAME_SERVER = '8.8.8.8';

interface Attempt {
  readonly ok: boolean;
  /** Nothing was answered, by module or peer. */
  readonly silent: boolean;
  readonly lines: readonly string[];
}

function* lookUp(examination: Examination, host: string): Routine<Attempt> {
  const { error, lines } = yield* examination.ask(cdnsGip({ host }), LOOKUP);
  const silent = isUnanswered(error);
  // A module that still waits for its name server reads no other command: its late answer must not be another's.
  for (let tries = 0; silent && tries < 3; tries++) {
    if ((yield* examination.ask(at(), 5_000)).error === undefined) break;
  }
  return { ok: error === undefined, silent, lines: silent ? [`${host}: no answer`] : lines };
}

function* connect(examination: Examination, link: number, host: string, port: number): Routine<Attempt> {
  const reply = yield* examination.ask(cipOpen({ link, host, port }), UNBOUNDED);
  const { error, elapsed } = reply;
  const silent = isUnanswered(error) || (isAtError(error) && error.number === SocketErrorNumber.TIMEOUT);
  const lines = isUnanswered(error) ? [error.message] : reply.lines;
  if (error === undefined) {
    yield found('good', 'connection', `to ${host}:${port} in ${Math.round(elapsed)} ms`);
    yield* examination.expectAnswer(cipClose({ link }));
  }
  return { ok: error === undefined, silent, lines };
}

/** The highest link that is free: link 0 is the one of transparent mode. */
function* freeLink(examination: Examination): Routine<number> {
  const links = (yield* examination.value(cipOpen.read())) ?? [];
  const used = new Set(links.map(({ link }) => link));
  for (let link = 9; link >= 0; link--) if (!used.has(link)) return link;
  throw new Concluded(
    verdict('CAPACITY', [`${used.size} of 10 links are open`], examination.command('at', 'AT+NETCLOSE')),
  );
}

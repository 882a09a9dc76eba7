import { cdnsCfg, cdnsGip, cipClose, cipOpen, isAtError, SocketErrorNumber } from '@a7600/at-codec';
import { isUnanswered } from '../../dialogue/errors.js';
import { Concluded, type Examination } from '../examination.js';
import { found } from '../finding.js';
import type { Routine } from '../routine.js';
import { type Verdict, verdict } from '../verdicts.js';
import type { OpenNetwork } from './network.js';

/** A name that every name server knows, beside the one of the target. */
const KNOWN_NAME = 'example.org';
/** Time in ms that the module takes at the most for a name and for a connection: a late answer would be another's. */
const LOOKUP = 65_000;
const CONNECTING = 125_000;

/** Whether data passes: a name, then a connection. */
export function* traffic(examination: Examination, network: OpenNetwork): Routine<void> {
  const { host, port } = examination.options.target;
  const named = !/^[\d.]+$|:/.test(host);
  const link = yield* freeLink(examination);
  const target = `${host}:${port}`;
  if (!named) {
    const connection = yield* connect(examination, link, host, port);
    if (connection.ok) return;
    const other = yield* lookUp(examination, KNOWN_NAME);
    const evidence = [target, ...connection.lines, ...other.lines];
    throw new Concluded(
      other.ok ? unreachable(network, connection, evidence) : noData(examination, evidence),
    );
  }
  const name = yield* lookUp(examination, host);
  if (!name.ok) {
    const other = yield* lookUp(examination, KNOWN_NAME);
    const evidence = [...name.lines, ...other.lines];
    if (other.ok) throw new Concluded(verdict('NAME_NOT_FOUND', [host, ...evidence]));
    throw new Concluded(yield* withoutNames(examination, link, evidence));
  }
  yield found('good', 'names', `${host} is resolved`);
  const connection = yield* connect(examination, link, host, port);
  if (!connection.ok) {
    const evidence = [target, ...name.lines, ...connection.lines];
    throw new Concluded(unreachable(network, connection, evidence));
  }
}

/** Names are resolved, so data passes; the peer is not reached. */
function unreachable(network: OpenNetwork, { silent }: Attempt, evidence: readonly string[]): Verdict {
  if (network.onlyIpv6) return verdict('IPV6_ONLY', [...network.lines, ...evidence]);
  return verdict(silent ? 'PEER_SILENT' : 'PEER_REFUSED', evidence);
}

function noData(examination: Examination, evidence: readonly string[]): Verdict {
  return verdict('NO_DATA', evidence, examination.command('at', 'AT+CFUN=4', 'AT+CFUN=1'));
}

/** Neither name is resolved: does a connection by address pass? */
function* withoutNames(
  examination: Examination,
  link: number,
  evidence: readonly string[],
): Routine<Verdict> {
  const { value } = yield* examination.ask(cdnsCfg.read());
  const own = value?.find(({ ipv6, primary }) => !ipv6 && primary !== '0.0.0.0')?.primary;
  const address = examination.options.known?.nameServer ?? own ?? NAME_SERVER;
  examination.facts.nameServer = address.replaceAll(/\d/g, '1');
  const direct = yield* connect(examination, link, address, 53);
  if (direct.ok) return verdict('DNS_DEAD', [...evidence, `${address}:53 took a connection`]);
  return noData(examination, [...evidence, ...direct.lines]);
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
  return { ok: error === undefined, silent, lines: silent ? [`${host}: no answer`] : lines };
}

function* connect(examination: Examination, link: number, host: string, port: number): Routine<Attempt> {
  const reply = yield* examination.ask(cipOpen({ link, host, port }), CONNECTING);
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

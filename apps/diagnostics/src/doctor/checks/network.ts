import {
  type Command,
  cgact,
  cgdcont,
  cgpaddr,
  cipMode,
  command,
  csockSetPn,
  ipAddr,
  netOpen,
  type PdpContext,
  plainLine,
} from '@a7600/at-codec';
import { cgauth } from '../../dialogue/cgauth.js';
import { Concluded, type Examination } from '../examination.js';
import { found } from '../finding.js';
import type { Routine } from '../routine.js';
import { type Verdict, verdict } from '../verdicts.js';
import { textOf } from './module.js';

/** What is known of the open network. */
export interface OpenNetwork {
  /** Whether the doctor opened it, and has to close it. */
  readonly own: boolean;
  /** Whether it has an IPv6 address only. */
  readonly onlyIpv6: boolean;
  readonly lines: readonly string[];
}

/** Time in ms for the network to open; it takes a second or two. */
const OPENING = 60_000;

/** Opens the network with the access point that was given or is stored, or takes the open one. */
export function* network(
  examination: Examination,
  restore: (() => Routine<unknown>)[],
): Routine<OpenNetwork> {
  const before = yield* examination.expectAnswer(netOpen.read());
  const own = before.value !== true;
  if (!own) yield found('note', 'access point', 'the network is open already: an earlier program left it');
  else {
    yield* access(examination, restore);
    if (examination.transparent) {
      yield* examination.expectAnswer(cipMode({ transparent: false }));
      restore.push(() => examination.ask(cipMode({ transparent: true })));
      examination.transparent = false;
    }
    yield* open(examination);
  }
  const address = yield* examination.expectAnswer(ipAddr());
  const all = yield* examination.value(cgpaddr());
  const addresses = [address.value ?? '', ...(all ?? []).flatMap((context) => context.addresses)].filter(
    (text) => text !== '' && text !== '0.0.0.0',
  );
  const { known } = examination.options;
  const allIpv6 = addresses.length > 0 && addresses.every((text) => text.includes(':'));
  const onlyIpv6 = known?.onlyIpv6 ?? allIpv6;
  examination.facts.onlyIpv6 = onlyIpv6;
  const families = known?.families ?? familiesOf(addresses);
  examination.facts.families = families;
  yield found(
    'good',
    'address',
    addresses.length === 0 ? 'none is reported' : `${addresses[0]} (${families})`,
  );
  yield* contexts(examination);
  return { own, onlyIpv6, lines: address.lines };
}

/** The families of addresses. */
function familiesOf(addresses: readonly string[]): string {
  const isIpv6 = (text: string) => text.includes(':');
  const names = [...(addresses.every(isIpv6) ? [] : ['IPv4']), ...(addresses.some(isIpv6) ? ['IPv6'] : [])];
  return names.join(' and ');
}

/** The PDP contexts: those that are defined, and those that the network has opened by itself. */
function* contexts(examination: Examination): Routine<void> {
  const defined = (yield* examination.value(cgdcont.read())) ?? [];
  const states = (yield* examination.value(cgact.read())) ?? [];
  const ids = [...new Set([...defined.map(({ cid }) => cid), ...states.map(({ cid }) => cid)])];
  const shown = ids.map((cid) => {
    const definition = defined.find((context) => context.cid === cid);
    const isActive = states.some((state) => state.cid === cid && state.active);
    const name = definition === undefined ? 'of the network' : definition.apn || 'default access point';
    return `${cid} ${[definition?.type, name, isActive ? 'active' : 'not active'].filter(Boolean).join(', ')}`;
  });
  if (shown.length > 0) yield found('good', 'contexts', shown.join('; '));
}

/** Sets access point name and login where they are given; both are put back. */
function* access(examination: Examination, restore: (() => Routine<unknown>)[]): Routine<void> {
  const { apn, login } = examination.options;
  if (apn !== undefined) {
    const contexts = yield* examination.value(cgdcont.read());
    const before = contexts?.find(({ cid }) => cid === 1);
    yield* examination.expectAnswer(cgdcont({ apn }));
    restore.push(() => examination.ask(definition(before)));
  }
  if (login !== undefined) {
    const before = yield* examination.expectAnswer(textOf('AT+CGAUTH?'));
    yield* examination.expectAnswer(cgauth(login));
    // A login that was there before cannot be put back: the module does not show its password.
    const hadLogin = before.lines.some((line) => /^\+CGAUTH: ?1,[12]/.test(line));
    if (!hadLogin) restore.push(() => examination.ask(command(plainLine('AT+CGAUTH=1,0'))));
  }
}

/** Defines context 1 as it was; without a definition, the command takes it back (3GPP TS 27.007, 10.1.1). */
function definition(before: PdpContext | undefined): Command<void> {
  const type = TYPES.find((name) => name === before?.type);
  if (before === undefined || type === undefined) return command(plainLine('AT+CGDCONT=1'));
  // In a recording without secrets the name is hidden; its length decides.
  return cgdcont({ type, apn: before.apn.replaceAll(/[^ !#-:<-[\]-~]/g, 'x') });
}

const TYPES = ['IP', 'IPV6', 'IPV4V6'] as const;

function* open(examination: Examination): Routine<void> {
  const { error, lines } = yield* examination.ask(netOpen(), OPENING);
  if (error === undefined) {
    const contexts = yield* examination.value(cgdcont.read());
    const apn = contexts?.find(({ cid }) => cid === 1)?.apn ?? '';
    yield found('good', 'access point', apn === '' ? 'the default of the network' : apn);
    return;
  }
  throw new Concluded(yield* refused(examination, lines.length > 0 ? lines : [error.message]));
}

function* refused(examination: Examination, said: readonly string[]): Routine<Verdict> {
  const family = yield* examination.ask(csockSetPn.read());
  const contexts = yield* examination.ask(cgdcont.read());
  const evidence = [...said, ...contexts.lines];
  if (family.value?.ipv6 === true) {
    return verdict(
      'WRONG_FAMILY',
      [...said, ...family.lines],
      examination.command('at', 'AT+CSOCKSETPN=1,1'),
    );
  }
  const first = contexts.value?.find(({ cid }) => cid === 1);
  if (first === undefined || first.apn === '') {
    return verdict('NO_APN', evidence, examination.command('doctor', '--apn', 'NAME'));
  }
  return verdict('APN_REFUSED', evidence, examination.command('doctor', '--apn', 'NAME'));
}

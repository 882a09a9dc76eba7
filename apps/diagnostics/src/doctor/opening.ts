import { isTransportError, type TransportErrorCode } from '@a7600/transport';
import { hideSecrets } from '../dialogue/hide-secrets.js';
import { commandLine } from './command-lines.js';
import type { DoctorOptions } from './examination.js';
import { type Verdict, type VerdictCode, verdict } from './verdicts.js';

/** The verdict for a port that cannot be opened. */
const OPENING: Partial<Record<TransportErrorCode, VerdictCode>> = {
  PORT_NOT_FOUND: 'PORT_NOT_FOUND',
  PORT_DENIED: 'PORT_DENIED',
  PORT_BUSY: 'PORT_BUSY',
  PORT_FAILED: 'PORT_FAILED',
  CONNECTION_REFUSED: 'CONNECTION_REFUSED',
  HOST_NOT_FOUND: 'HOST_NOT_FOUND',
  HOST_UNREACHABLE: 'HOST_UNREACHABLE',
  CONNECT_TIMEOUT: 'CONNECT_TIMEOUT',
  CONNECT_FAILED: 'CONNECT_FAILED',
  TELNET_SERVER: 'TELNET_SERVER',
  UNSUPPORTED: 'NOT_RFC2217',
  PROTOCOL: 'RECORDING_DAMAGED',
};

/** How far an examination had come when its transport failed. */
export interface Reached {
  /** The module had answered. */
  readonly answered: boolean;
  /** What came before that, a character for each byte. */
  readonly heard: string;
}

/** The verdict for the error of a transport. */
export function transportVerdict(
  error: unknown,
  options: DoctorOptions,
  { answered, heard }: Reached,
): Verdict {
  const next = commandLine(options, 'doctor');
  const toReport = `${next} --bundle ${BUNDLE}`;
  // Whatever happens to a link is an error of the transport: another one is a mistake in this program.
  if (!isTransportError(error)) return verdict('PROGRAM_FAULT', faultOf(error), toReport);
  const { message } = error;
  const code = OPENING[error.code];
  const { host, searched } = options;
  if (code === undefined) {
    const lost = answered || !isRemote(options) ? 'LINK_LOST' : 'SERVER_WITHOUT_PORT';
    const printed = hideSecrets(heard.replaceAll(/[^\x20-\x7e]+/g, ' ').trim());
    return verdict(
      lost,
      printed === '' ? [message] : [message, `it printed "${printed.slice(0, 100)}"`],
      next,
    );
  }
  if (code === 'RECORDING_DAMAGED') return verdict(code, [message], `a7600 doctor --bundle ${BUNDLE}`);
  if (code === 'PORT_FAILED') return verdict(code, [message], 'a7600 list');
  if (code === 'PORT_NOT_FOUND') return verdict(searched ? 'NO_MODEM' : code, [message], 'a7600 list');
  if (code === 'PORT_BUSY') return busy(message, options);
  if (code === 'PORT_DENIED')
    return verdict(code, [message], /`([^`]+)`/.exec(message)?.[1] ?? `sudo ${next}`);
  if (code === 'TELNET_SERVER') return verdict(code, [message], next.replace('--tcp ', '--rfc2217 '));
  // A server that speaks Telnet, and not this part of it, is no raw port either.
  if (code === 'NOT_RFC2217')
    return verdict(code, [message], /damage/.test(message) ? next : next.replace('--rfc2217 ', '--tcp '));
  return verdict(code, host.interfaces.length > 0 ? [message, ...named(options)] : [message], next);
}

/** The file that a person is told to write. */
const BUNDLE = 'modem.jsonl';
/** Lines of a stack that are told: where it happened, and what led there. */
const FRAMES = 3;

/** What a mistake in the program was, and where. */
function faultOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [String(error)];
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [`${error.name}: ${error.message}`, ...frames.slice(0, FRAMES).map((line) => line.trim())];
}

/** Held by a program that can be named, or by ModemManager, which takes ports without a lock. */
function busy(message: string, { host }: DoctorOptions): Verdict {
  const holders = host.holders.filter(({ name }) => name !== 'ModemManager');
  const known = holders.map(({ name, pid }) => `${name} (process ${pid}) has it open or locked`);
  const [first] = holders;
  const shared = /`(a7600 term --attach \d+)`/.exec(message)?.[1];
  if (first?.shares) return verdict('PORT_BUSY', known, `a7600 term --attach ${first.pid}`);
  if (first !== undefined) return verdict('PORT_BUSY', known, `kill ${first.pid}`);
  if (host.modemManager || /ModemManager/.test(message)) {
    const sure = host.holders.length > 0;
    const evidence = [message, sure ? 'ModemManager has it open' : 'ModemManager is running'];
    return verdict('MODEM_MANAGER', evidence, 'sudo systemctl stop ModemManager');
  }
  return verdict('PORT_BUSY', [message], shared ?? 'sudo fuser -v /dev/ttyUSB*');
}

function isRemote({ connection }: DoctorOptions): boolean {
  return /--(?:tcp|rfc2217)/.test(connection);
}

/** What network interfaces of a modem the system has. */
export function named({ host }: DoctorOptions): readonly string[] {
  return host.interfaces.map(
    ({ name, driver, state }) => `${name} (${driver}, ${state}) is a network interface of a modem`,
  );
}

import { isTransportError, type TransportErrorCode } from '@a7600/transport';
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

/** The verdict for the error of a transport. `answered`: the module had answered before. */
export function transportVerdict(error: unknown, options: DoctorOptions, answered: boolean): Verdict {
  const message = error instanceof Error ? error.message : String(error);
  const code = isTransportError(error) ? OPENING[error.code] : undefined;
  const { host, searched } = options;
  const next = `a7600 doctor ${options.connection}`.trim();
  if (code === undefined || code === 'RECORDING_DAMAGED') {
    const lost = answered || !isRemote(options) ? 'LINK_LOST' : 'SERVER_WITHOUT_PORT';
    return verdict(code ?? lost, [message], code === undefined ? next : undefined);
  }
  if (code === 'PORT_NOT_FOUND') return verdict(searched ? 'NO_MODEM' : code, [message], 'a7600 list');
  if (code === 'PORT_BUSY') return busy(message, options);
  if (code === 'PORT_DENIED') return verdict(code, [message], /`([^`]+)`/.exec(message)?.[1] ?? next);
  if (code === 'TELNET_SERVER') return verdict(code, [message], next.replace('--tcp ', '--rfc2217 '));
  if (code === 'NOT_RFC2217') return verdict(code, [message], next.replace('--rfc2217 ', '--tcp '));
  return verdict(code, host.interfaces.length > 0 ? [message, ...named(options)] : [message], next);
}

/** Held by a program that can be named, or by ModemManager, which takes ports without a lock. */
function busy(message: string, { host }: DoctorOptions): Verdict {
  const holders = host.holders.filter(({ name }) => name !== 'ModemManager');
  const known = holders.map(({ name, pid }) => `${name} (process ${pid}) has it open or locked`);
  const [first] = holders;
  if (first !== undefined) return verdict('PORT_BUSY', known, `kill ${first.pid}`);
  if (host.modemManager || /ModemManager/.test(message)) {
    const sure = host.holders.length > 0;
    const evidence = [message, sure ? 'ModemManager has it open' : 'ModemManager is running'];
    return verdict('MODEM_MANAGER', evidence, 'sudo systemctl stop ModemManager');
  }
  return verdict('PORT_BUSY', [message], 'sudo fuser -v /dev/ttyUSB*');
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

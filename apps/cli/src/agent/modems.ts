import { basename } from 'node:path';
import { cgauth } from '@a7600/diagnostics/dialogue';
import type { AgentModem } from '@a7600/fleet';
import { listModems, type ModemPort } from '@a7600/transport/serialport';
import { concat, distinctUntilChanged, exhaustMap, from, map, type Observable, of, scan, timer } from 'rxjs';
import { address } from '../connection/options.js';
import { secretIn } from '../connection/secrets.js';
import { type Target, transportOf } from '../connection/target.js';
import { UsageError } from '../exit-code.js';
import type { AgentConfiguration, ConfiguredAccess, ConfiguredModem } from './configuration.js';

/** The rate that a module has unless told otherwise, in bit/s. */
const USUAL_RATE = 115_200;

/** Time in ms between two looks at the ports of this computer. */
const SEARCH_INTERVAL = 5_000;

/**
 * The modems that a configuration names, and those that are found on USB if it says so. Reads the files with secrets.
 *
 * @param configuration the configuration of the agent
 * @param list lists the ports of modems; replaced in tests
 * @returns a cold observable of all modems that the agent offers, with each one that is found; none ever leaves, so that
 *   a module that restarts and is gone from USB for a moment stays the same modem
 * @throws {UsageError} a secret cannot be read, or two modems have the same name
 */
export function agentModems(
  { modems, found }: AgentConfiguration,
  list: () => Promise<readonly ModemPort[]> = listModems,
): Observable<readonly AgentModem[]> {
  const configured = modems.map((modem, index) => {
    const name = modem.name ?? `modem-${index + 1}`;
    return agentModem(name, targetOf(modem), modem);
  });
  const names = new Set<string>();
  for (const { name } of configured) {
    if (names.has(name)) throw new UsageError(`Two modems of the configuration have the name ${name}.`);
    names.add(name);
  }
  if (found === undefined) return of(configured);
  const paths = new Set(modems.map(({ serial }) => serial));
  const serialNumbers = new Set(modems.map(({ usb }) => usb));
  // Secrets are read once, before the first modem is opened.
  const make = (port: ModemPort, isUnique: boolean) => foundModem(port, isUnique, found);
  agentModem('found', { kind: 'found', baudRate: USUAL_RATE }, found);
  const found$ = timer(0, SEARCH_INTERVAL).pipe(
    exhaustMap(() => from(list().catch(() => []))),
    map((ports) =>
      ports.filter(
        ({ role, path, serialNumber }) =>
          role === 'at' &&
          !paths.has(path) &&
          (serialNumber === undefined || !serialNumbers.has(serialNumber)),
      ),
    ),
    scan((known, ports) => {
      const fresh = ports
        .map((port) =>
          make(port, ports.filter(({ serialNumber }) => serialNumber === port.serialNumber).length === 1),
        )
        .filter(({ name }) => !known.has(name) && !names.has(name));
      return fresh.length === 0
        ? known
        : new Map([...known, ...fresh.map((modem) => [modem.name, modem] as const)]);
    }, new Map<string, AgentModem>()),
    distinctUntilChanged(),
    map((known) => [...configured, ...known.values()]),
  );
  return concat(of(configured), found$);
}

/** A modem that was found: named by its serial number if no other one has that, as modules of one series have. */
function foundModem(
  { path, serialNumber }: ModemPort,
  isUnique: boolean,
  access: ConfiguredAccess,
): AgentModem {
  const isNamed = isUnique && serialNumber !== undefined && /^[A-Za-z0-9_-]{1,28}$/.test(serialNumber);
  const target: Target = isNamed
    ? { kind: 'usb', serialNumber, baudRate: USUAL_RATE }
    : { kind: 'serial', path, baudRate: USUAL_RATE };
  const label = isNamed
    ? serialNumber
    : basename(path)
        .replaceAll(/[^A-Za-z0-9_-]/g, '_')
        .slice(-28);
  return agentModem(`usb-${label}`, target, access);
}

function targetOf({
  serial,
  usb,
  tcp,
  rfc2217,
  emulated,
  imei,
  baudRate = USUAL_RATE,
}: ConfiguredModem): Target {
  if (serial !== undefined) return { kind: 'serial', path: serial, baudRate };
  if (usb !== undefined) return { kind: 'usb', serialNumber: usb, baudRate };
  if (tcp !== undefined) return { kind: 'tcp', address: address(tcp) };
  if (rfc2217 !== undefined) return { kind: 'rfc2217', address: address(rfc2217), baudRate };
  if (emulated !== undefined) return { kind: 'emulated', profile: emulated, imei };
  throw new UsageError('A modem of the configuration has no place.');
}

const PIN = /^\d{4,8}$/;

function agentModem(name: string, target: Target, access: ConfiguredAccess): AgentModem {
  const { apn, user = '', passwordFile, pinFile } = access;
  const password = passwordFile === undefined ? undefined : secretIn(`passwordFile of ${name}`, passwordFile);
  const pin = pinFile === undefined ? undefined : secretIn(`pinFile of ${name}`, pinFile);
  if (pin !== undefined && !PIN.test(pin)) {
    throw new UsageError(`${pinFile} (pinFile of ${name}) must have one line of 4 to 8 digits.`);
  }
  return {
    name,
    transport: transportOf(target),
    online: {
      modem: { pin },
      network: { apn },
      ...(password !== undefined && { prepare: (modem) => modem.run(cgauth({ user, password })) }),
    },
  };
}

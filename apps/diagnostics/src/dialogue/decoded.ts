import type { Described } from './descriptors.js';

/** Puts into words what a command was answered, a line each; empty where there is nothing to add. */
export function decoded({ info, isTest }: Described, value: unknown): readonly string[] {
  if (isTest) return (value as readonly string[]).map((text) => `takes ${ranges(text)}`);
  return WORDS[info.name]?.(value as never) ?? plain(value);
}

type Words = (value: never) => readonly string[] | undefined;

/** `<stat>` of a registration (TS 27.007, 7.2). */
const REGISTRATION: Readonly<Record<number, string>> = {
  0: 'not registered, and not searching',
  1: 'registered in the home network',
  2: 'searching for a network',
  3: 'the network denied the registration',
  4: 'unknown',
  5: 'registered, roaming',
  6: 'registered for SMS only, home network',
  7: 'registered for SMS only, roaming',
  11: 'emergency or data service only',
};

/** `<fun>` of `AT+CFUN`. */
const FUNCTIONALITY: Readonly<Record<number, string>> = {
  0: 'minimum functionality, the radio is off',
  1: 'full functionality',
  4: 'the radio is off (flight mode)',
};

/** Access technology (TS 27.007, 7.3). */
const TECHNOLOGY: Readonly<Record<number, string>> = {
  0: 'GSM',
  2: 'UMTS',
  3: 'EDGE',
  4: 'HSDPA',
  5: 'HSUPA',
  6: 'HSPA',
  7: 'LTE',
};

/** Signal strength in words. */
export function signalWords(rssi: number): string {
  if (rssi === 99) return 'signal unknown: no network is received, or none was measured yet';
  const dBm = -113 + 2 * rssi;
  const bars =
    rssi >= 20 ? 'excellent' : rssi >= 15 ? 'good' : rssi >= 10 ? 'fair' : rssi >= 5 ? 'weak' : 'very weak';
  return `${dBm} dBm, ${bars}`;
}

/** A registration state in words. */
export function registrationWords(stat: number): string {
  return REGISTRATION[stat] ?? `state ${stat}`;
}

const registration = ({ stat, technology }: { readonly stat: number; readonly technology?: number }) => [
  registrationWords(stat) +
    (technology === undefined ? '' : `, ${TECHNOLOGY[technology] ?? `technology ${technology}`}`),
];

const WORDS: Readonly<Record<string, Words>> = {
  '+CSQ': ({ rssi }: { readonly rssi: number }) => [signalWords(rssi)],
  '+CREG': registration,
  '+CGREG': registration,
  '+CEREG': registration,
  '+CFUN': (value: number) => [FUNCTIONALITY[value] ?? `functionality ${value}`],
  '+NETOPEN': (open: boolean | undefined) =>
    open === undefined ? ['the network is open'] : [open ? 'the network is open' : 'the network is closed'],
  '+COPS': ({ name, technology }: { readonly name?: string; readonly technology?: number }) =>
    name === undefined
      ? ['no operator']
      : [`${name}${technology === undefined ? '' : `, ${TECHNOLOGY[technology] ?? technology}`}`],
  '+CPIN': (state: string) => (state === 'READY' ? ['the SIM is ready'] : [`the SIM asks for ${state}`]),
};

/** `(1-15),"IP",,(0,2)` in words: `1 to 15; "IP"; any; 0, 2`. */
function ranges(text: string): string {
  const fields = text.match(/(?:\([^()]*\)|"[^"]*"|[^,()"])+|(?<=^|,)(?=,|$)/g) ?? [];
  const words = fields.map((field) =>
    field
      .replaceAll(/[()]/g, '')
      .replaceAll(/(\d)-(?=\d)/g, '$1 to ')
      .replaceAll(/,(?! )/g, ', '),
  );
  return words.map((field) => (field === '' ? 'any' : field)).join('; ');
}

/** Names and values, as they are read. */
function plain(value: unknown): readonly string[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((each) => rows(each));
  return typeof value === 'object' ? rows(value) : [];
}

function rows(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const shown = Object.entries(value).filter(([key, field]) => key !== 'lines' && field !== undefined);
  return [shown.map(([key, field]) => `${words(key)}: ${text(field)}`).join(', ')];
}

/** `baudRate` as `baud rate`. */
function words(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function text(field: unknown): string {
  if (typeof field === 'boolean') return field ? 'yes' : 'no';
  if (field === '') return '(empty)';
  return Array.isArray(field) ? field.join(', ') : String(field);
}

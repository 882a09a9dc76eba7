import { cgdcont } from '@a7600/at-codec';
import { isFleetName } from '@a7600/fleet';
import * as v from 'valibot';
import { address } from '../connection/options.js';
import { PROFILES } from '../connection/profiles.js';
import { UsageError } from '../exit-code.js';
import { faultOfJson, faultsOf } from './configuration-faults.js';

const text = (what: string) =>
  v.pipe(v.string(`Write ${what} as a string.`), v.minLength(1, `Write ${what}.`));

const place = v.pipe(
  v.string('Write "HOST:PORT".'),
  v.check((value) => isAccepted(() => address(value)), 'Write "HOST:PORT", with a port from 1 to 65535.'),
);

const wholeNumber = (min: number, max: number) => {
  const message = `Write a whole number from ${min} to ${max}.`;
  return v.pipe(v.number(message), v.integer(message), v.minValue(min, message), v.maxValue(max, message));
};

/** How a modem gets into its network. */
const access = {
  apn: v.optional(
    v.pipe(
      text('the access point name'),
      v.check(
        (apn) => isAccepted(() => cgdcont({ apn })),
        'An access point name has at most 100 characters and none of them is a quote or a control character.',
      ),
    ),
  ),
  user: v.optional(text('the user name for the access point')),
  passwordFile: v.optional(text('the file with the password for the access point')),
  pinFile: v.optional(text('the file with the PIN of the SIM')),
};

/** The module and brokers take no name without a password. */
const needsPassword = <
  T extends { readonly user?: string | undefined; readonly passwordFile?: string | undefined },
>() =>
  v.check<T, string>(
    ({ user, passwordFile }) => (user === undefined) === (passwordFile === undefined),
    '"user" and "passwordFile" need each other.',
  );

/** The fields that say where a modem is, of which each modem has one. */
const PLACES = ['serial', 'usb', 'tcp', 'rfc2217', 'emulated'] as const;

/** Places whose port has a rate to set. */
const WITH_RATE = ['serial', 'usb', 'rfc2217'] as const;

const modem = v.pipe(
  v.strictObject(
    {
      name: v.optional(
        v.pipe(
          text('the name of the modem'),
          v.check(isFleetName, 'Use 1 to 32 letters, digits, "_" or "-".'),
        ),
      ),
      serial: v.optional(text('the path of the port, such as "/dev/ttyUSB2"')),
      usb: v.optional(text('the serial number of the USB device')),
      tcp: v.optional(place),
      rfc2217: v.optional(place),
      emulated: v.optional(v.picklist(PROFILES, `Write one of ${PROFILES.join(', ')}.`)),
      imei: v.optional(
        v.pipe(v.string('Write 15 digits as a string.'), v.regex(/^\d{15}$/, 'Write 15 digits as a string.')),
      ),
      baudRate: v.optional(wholeNumber(300, 4_000_000)),
      ...access,
    },
    'Write a modem: { "serial": "/dev/ttyUSB2", "apn": "internet" }.',
  ),
  v.check(
    (fields) => PLACES.filter((name) => fields[name] !== undefined).length === 1,
    `Say where the modem is, with one of ${PLACES.map((name) => `"${name}"`).join(', ')}.`,
  ),
  v.check(
    ({ imei, emulated }) => imei === undefined || emulated !== undefined,
    '"imei" is for emulated modems: a real one has its own.',
  ),
  v.check(
    (fields) => fields.baudRate === undefined || WITH_RATE.some((name) => fields[name] !== undefined),
    `"baudRate" is for ${WITH_RATE.map((name) => `"${name}"`).join(', ')}: the other places have no rate to set.`,
  ),
  needsPassword(),
);

const topic = (what: string) =>
  v.pipe(
    text(what),
    v.check(
      (levels) => levels.split('/').every(isFleetName),
      'Write levels of 1 to 32 letters, digits, "_" or "-", with "/" between them.',
    ),
  );

const mqtt = v.pipe(
  v.strictObject(
    {
      url: v.pipe(
        v.string('Write "mqtt://HOST:PORT" or "mqtts://HOST:PORT".'),
        v.regex(
          /^mqtts?:\/\/[^/@]+$/,
          'Write "mqtt://HOST:PORT" or "mqtts://HOST:PORT", without a user in it.',
        ),
      ),
      user: v.optional(text('the user name for the broker')),
      passwordFile: v.optional(text('the file with the password for the broker')),
      caFile: v.optional(text('the file with the certificates that the broker is checked with')),
      base: v.optional(topic('the first levels of the topics')),
      discoveryPrefix: v.optional(topic("the first levels of Home Assistant's discovery")),
      expireAfter: v.optional(wholeNumber(10, 86_400)),
    },
    'Write where the broker is: { "url": "mqtts://HOST:8883" }.',
  ),
  needsPassword(),
);

const schema = v.pipe(
  v.strictObject(
    {
      modems: v.optional(v.array(modem, 'Write a list: [{ "serial": "/dev/ttyUSB2" }].'), []),
      found: v.optional(
        v.pipe(
          v.strictObject(access, 'Write how the modems that are found get online: { "apn": "internet" }.'),
          needsPassword(),
        ),
      ),
      mqtt: v.optional(mqtt),
    },
    'Write an object: { "modems": [{ "serial": "/dev/ttyUSB2", "apn": "internet" }] }.',
  ),
  v.check(
    ({ modems, found }) => modems.length > 0 || found !== undefined,
    'Name modems in "modems", or let those on USB be found with "found": { "apn": "internet" }.',
  ),
  v.check(
    ({ modems }) => twice(modems.map(placeOf)) === undefined,
    ({ input: { modems } }) =>
      `Two modems have the same place, ${twice(modems.map(placeOf))}: name each module once.`,
  ),
);

/** What the configuration file of an agent says. */
export type AgentConfiguration = v.InferOutput<typeof schema>;

/** A modem of the configuration file. */
export type ConfiguredModem = v.InferOutput<typeof modem>;

/** How a modem gets into its network, without the secrets. */
export type ConfiguredAccess = Pick<ConfiguredModem, keyof typeof access>;

/**
 * Reads the configuration of an agent.
 *
 * @param file the name of the file, for messages
 * @param json its text
 * @returns the configuration, checked
 * @throws {UsageError} with every fault: where it is, and what to write
 */
export function agentConfiguration(file: string, json: string): AgentConfiguration {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new UsageError(`${file} is not JSON${faultOfJson(json, error as Error)}`);
  }
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  throw new UsageError(`${file} cannot be used:\n${faultsOf(result.issues)}`);
}

/** Where a modem is, in words; undefined for an emulated one, of which there are as many as are wanted. */
function placeOf(modem: ConfiguredModem): string | undefined {
  const name = PLACES.find((each) => each !== 'emulated' && modem[each] !== undefined);
  return name && `"${name}": "${modem[name]}"`;
}

/** The first of the words that is there twice. */
function twice(words: readonly (string | undefined)[]): string | undefined {
  return words.find((word, index) => word !== undefined && words.indexOf(word) < index);
}

function isAccepted(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}

import type { Behaviour } from '../at/behaviour.js';
import { ok } from '../at/reply.js';
import type { Module } from '../module.js';

/** The manual allows `ATI` this time, in ms. */
const SLOW = 120_000;

const CAPABILITIES = '+GCAP: +CGSM,+FCLASS,+DS';

/** Who the module is (protocol 4.1). */
export const identity: readonly Behaviour[] = [
  {
    command: 'I',
    maxTime: SLOW,
    execute: (_, module) => ok(...head(module), CAPABILITIES),
  },
  {
    command: '+SIMCOMATI',
    maxTime: SLOW,
    test: () => ok(),
    execute: (_, module) => {
      const { identity: about } = module.profile;
      const tail = about.deviceInfo ? ['DeviceInfo:'] : [];
      return ok(
        `Manufacturer: ${about.manufacturer}`,
        `Model: ${about.model}`,
        `Revision: ${about.revision}`,
        about.build,
        `IMEI: ${about.imei}`,
        ...tail,
      );
    },
  },
  ...['+CGMI', '+GMI'].map((command) => told(command, ({ profile }) => profile.identity.manufacturer)),
  ...['+CGMM', '+GMM'].map((command) => told(command, ({ profile }) => profile.identity.model)),
  ...['+CGMR', '+GMR'].map((command) =>
    told(command, ({ profile }) => `+CGMR: ${profile.identity.revision}`),
  ),
  ...['+CGSN', '+GSN'].map((command) => told(command, ({ profile }) => profile.identity.imei)),
  told('+GCAP', () => CAPABILITIES),
  {
    command: '+SIMEI',
    test: () => ok('+SIMEI: (IMEI)'),
    read: (_, { profile }) => ok(`+SIMEI: ${profile.identity.imei}`),
  },
];

function head({ profile: { identity: about } }: Module): string[] {
  return [
    `Manufacturer: ${about.manufacturer}`,
    `Model: ${about.model}`,
    `Revision: ${about.revision}`,
    `IMEI: ${about.imei}`,
  ];
}

/** One line in answer to the execution form. */
function told(command: string, line: (module: Module) => string): Behaviour {
  return { command, test: () => ok(), execute: (_, module) => ok(line(module)) };
}

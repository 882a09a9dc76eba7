import fc from 'fast-check';
import type { Command } from '../../src/command.js';
import {
  ati,
  cgmm,
  cgmr,
  cgsn,
  ciccid,
  cimi,
  type Identity,
  simcomAti,
} from '../../src/commands/identity.js';
import { type AnyForm, form, none, says, testForm } from './form.js';

/** Second revision lines, of an A7670 and of a SIM7600; FASE builds have none. */
const BUILDS = ['A7670M4_B01V01_230724', 'LE20B04SIM7600M22', undefined];

const model = fc.constantFrom('A7670E-LNXY-UBL', 'A7672SA', 'SIM7600G-H', 'A7600C1');
const digits = (length: number) =>
  fc.string({ minLength: length, maxLength: length, unit: fc.constantFrom(...'0123456789') });

function identityForm(family: string, written: string, make: () => Command<Identity>): AnyForm {
  return form({
    family,
    form: 'main',
    args: none,
    make,
    written,
    reply: () =>
      fc
        .tuple(model, digits(15), fc.constantFrom(...BUILDS), fc.boolean())
        .map(([name, imei, build, device]) => {
          const lines = [
            'Manufacturer: SIMCOM INCORPORATED',
            `Model: ${name}`,
            'Revision: A011B19A7672M7_F',
            ...(build ? [build] : []),
            `IMEI: ${imei}`,
            '+GCAP: +CGSM,+FCLASS,+DS',
            ...(device ? ['DeviceInfo:'] : []),
          ];
          const value = {
            manufacturer: 'SIMCOM INCORPORATED',
            model: name,
            revision: 'A011B19A7672M7_F',
            ...(build ? { build } : {}),
            imei,
            lines,
          };
          return says(value, ...lines);
        }),
  });
}

function bareForm(
  family: string,
  name: string,
  value: fc.Arbitrary<string>,
  make: () => Command<string>,
  prefix = '',
): AnyForm {
  return form({
    family,
    form: 'main',
    args: none,
    make,
    written: `AT${name}`,
    reply: () => value.map((text) => says(text, `${prefix}${text}`)),
  });
}

export const identityForms: readonly AnyForm[] = [
  identityForm('ati', 'ATI', ati),
  identityForm('simcomAti', 'AT+SIMCOMATI', simcomAti),
  bareForm('cgmm', '+CGMM', model, cgmm),
  testForm('cgmm', '+CGMM', cgmm.test),
  bareForm('cgsn', '+CGSN', digits(15), cgsn),
  testForm('cgsn', '+CGSN', cgsn.test),
  bareForm('cimi', '+CIMI', digits(15), cimi),
  testForm('cimi', '+CIMI', cimi.test),
  bareForm('cgmr', '+CGMR', fc.constantFrom('A011B19A7672M7_F', '23110B01A7670M4A'), cgmr, '+CGMR: '),
  testForm('cgmr', '+CGMR', cgmr.test),
  bareForm('ciccid', '+CICCID', fc.oneof(digits(19), digits(20)), ciccid, '+ICCID: '),
  testForm('ciccid', '+CICCID', ciccid.test),
];

import fc from 'fast-check';
import {
  at,
  ath,
  ato,
  atz,
  cmee,
  dcd,
  dtr,
  echo,
  plusPlusPlus,
  verbose,
} from '../../src/commands/general.js';
import { cfun, cpof, creset, csclk } from '../../src/commands/power.js';
import { catr, ifc, ipr } from '../../src/commands/serial.js';
import { cpin } from '../../src/commands/sim.js';
import { type AnyForm, form, int, none, numberForms, ok, plainForm, says, testForm } from './form.js';

const digits = fc.string({ minLength: 4, maxLength: 8, unit: fc.constantFrom(...'0123456789') });
const flow = fc.constantFrom(0, 1, 2);

export const generalForms: readonly AnyForm[] = [
  plainForm('at', 'main', 'AT', at),
  form({
    family: 'echo',
    form: 'main',
    args: fc.record({ on: fc.boolean() }),
    make: echo,
    written: ({ on }) => [`ATE${Number(on)}`],
    reply: ok,
  }),
  plainForm('echo', 'execute', 'ATE', echo.execute),
  plainForm('verbose', 'main', 'ATV1', verbose),
  plainForm('atz', 'main', 'ATZ', atz),
  plainForm('ath', 'main', 'ATH', ath),
  form({
    family: 'ato',
    form: 'main',
    args: none,
    make: ato,
    written: 'ATO',
    reply: () => fc.constantFrom('CONNECT', 'CONNECT 115200').map((result) => ({ result, value: undefined })),
  }),
  plainForm('plusPlusPlus', 'main', '+++', plusPlusPlus),
  form({
    family: 'dtr',
    form: 'main',
    args: fc.record({ mode: fc.constantFrom(0, 1, 2) }),
    make: dtr,
    written: ({ mode }) => [`AT&D${mode}`],
    reply: ok,
  }),
  form({
    family: 'dcd',
    form: 'main',
    args: fc.record({ mode: fc.constantFrom(0, 1) }),
    make: dcd,
    written: ({ mode }) => [`AT&C${mode}`],
    reply: ok,
  }),
  ...numberForms('cmee', '+CMEE', 'mode', [0, 2], cmee, cmee.read),
  testForm('cmee', '+CMEE', cmee.test),

  form({
    family: 'cpin',
    form: 'main',
    args: none,
    make: cpin,
    written: 'AT+CPIN?',
    reply: () =>
      fc
        .constantFrom('READY', 'SIM PIN', 'SIM PUK', 'PH-SIM PIN', 'SIM PIN2', 'PH-NET PIN')
        .map((value) => says(value, `+CPIN: ${value}`)),
    lookalikes: ['+CPIN'],
  }),
  form({
    family: 'cpin',
    form: 'unlock',
    args: fc.record({ pin: digits, newPin: digits }, { requiredKeys: ['pin'] }),
    make: cpin.unlock,
    written: ({ pin, newPin }) => (newPin === undefined ? [`"${pin}"`] : [`"${pin}"`, `"${newPin}"`]),
    reply: ok,
  }),
  testForm('cpin', '+CPIN', cpin.test),

  form({
    family: 'cfun',
    form: 'main',
    args: fc.record(
      { functionality: fc.constantFrom(0, 1, 4, 5, 6, 7, 8), reset: fc.boolean() },
      { requiredKeys: ['functionality'] },
    ),
    make: cfun,
    written: ({ functionality, reset }) =>
      reset === undefined ? [functionality] : [functionality, Number(reset)],
    reply: ok,
  }),
  form({
    family: 'cfun',
    form: 'read',
    args: none,
    make: cfun.read,
    written: 'AT+CFUN?',
    reply: () => int(0, 8).map((value) => says(value, `+CFUN: ${value}`)),
  }),
  testForm('cfun', '+CFUN', cfun.test),
  ...numberForms('csclk', '+CSCLK', 'mode', [0, 2], csclk, csclk.read),
  testForm('csclk', '+CSCLK', csclk.test),
  plainForm('creset', 'main', 'AT+CRESET', creset),
  testForm('creset', '+CRESET', creset.test),
  plainForm('cpof', 'main', 'AT+CPOF', cpof),
  testForm('cpof', '+CPOF', cpof.test),

  ...numberForms('ipr', '+IPR', 'baudRate', [0, 4_000_000], ipr, ipr.read),
  testForm('ipr', '+IPR', ipr.test),
  plainForm('ipr', 'execute', 'AT+IPR', ipr.execute),
  form({
    family: 'ifc',
    form: 'main',
    args: fc.record({ module: flow, host: flow }, { requiredKeys: ['module'] }),
    make: ifc,
    written: ({ module, host }) => (host === undefined ? [module] : [module, host]),
    reply: ok,
  }),
  form({
    family: 'ifc',
    form: 'read',
    args: none,
    make: ifc.read,
    written: 'AT+IFC?',
    reply: () =>
      fc
        .tuple(flow, flow, fc.constantFrom('+IFC', '+ICF'))
        .map(([module, host, name]) => says({ module, host }, `${name}: ${module},${host}`)),
  }),
  testForm('ifc', '+IFC', ifc.test),
  plainForm('ifc', 'execute', 'AT+IFC', ifc.execute),
  ...numberForms('catr', '+CATR', 'port', [0, 7], catr, catr.read),
  testForm('catr', '+CATR', catr.test),
];

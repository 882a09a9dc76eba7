import fc from 'fast-check';
import type { Command } from '../../src/command.js';
import { cgact, cgatt, cgcontrdp, cgdcont, cgpaddr } from '../../src/commands/pdp.js';
import { cops, cpsi, csq, type Operator } from '../../src/commands/radio.js';
import { cereg, cgreg, creg, type Registration } from '../../src/commands/registration.js';
import { type AnyForm, form, int, none, ok, plainForm, says, testForm, text, toggleForms } from './form.js';

const hex = (length: number) =>
  fc.string({ minLength: length, maxLength: length, unit: fc.constantFrom(...'0123456789ABCDEF') });
const cid = int(1, 15);

function registrationForms(
  family: string,
  name: string,
  of: {
    (args: { readonly report: 0 | 1 | 2 }): Command<void>;
    read(): Command<Registration>;
    test(): Command<readonly string[]>;
    execute(): Command<void>;
  },
): AnyForm[] {
  return [
    form({
      family,
      form: 'main',
      args: fc.record({ report: fc.constantFrom(0, 1, 2) }),
      make: of,
      written: ({ report }) => [report],
      reply: ok,
    }),
    form({
      family,
      form: 'read',
      args: none,
      make: of.read,
      written: `AT${name}?`,
      reply: () =>
        fc
          .record({
            stat: fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 7, 11),
            area: hex(4),
            cell: hex(8),
            full: fc.nat(2),
          })
          .map(({ stat, area, cell, full }) => {
            if (full === 0) return says({ stat }, `${name}: 0,${stat}`);
            if (full === 1) return says({ stat, area, cell }, `${name}: 2,${stat},"${area}","${cell}"`);
            return says({ stat, area, cell, technology: 7 }, `${name}: 2,${stat},${area},"${cell}",7`);
          }),
    }),
    testForm(family, name, of.test),
    plainForm(family, 'execute', `AT${name}`, of.execute),
  ];
}

export const radioForms: readonly AnyForm[] = [
  form({
    family: 'csq',
    form: 'main',
    args: none,
    make: csq,
    written: 'AT+CSQ',
    reply: () =>
      fc
        .record({ rssi: int(0, 99), ber: int(0, 99) })
        .map((value) => says(value, `+CSQ: ${value.rssi},${value.ber}`)),
    lookalikes: ['+CSQ'],
  }),
  testForm('csq', '+CSQ', csq.test),
  ...registrationForms('creg', '+CREG', creg),
  ...registrationForms('cgreg', '+CGREG', cgreg),
  ...registrationForms('cereg', '+CEREG', cereg),
  form({
    family: 'cops',
    form: 'main',
    args: fc.record(
      {
        mode: fc.constantFrom(0, 1, 2, 3, 4),
        format: fc.constantFrom(0, 1, 2),
        name: text(20),
        technology: int(0, 8),
      },
      { requiredKeys: ['mode'] },
    ),
    make: cops,
    written: ({ mode, format, name, technology }) => [
      mode,
      format,
      name === undefined ? undefined : `"${name}"`,
      technology,
    ],
    reply: ok,
  }),
  form({
    family: 'cops',
    form: 'read',
    args: none,
    make: cops.read,
    written: 'AT+COPS?',
    reply: () =>
      fc
        .record({ mode: int(0, 4), name: fc.constantFrom('NL KPN simyo', '46001', 'a,b') })
        .chain(({ mode, name }) =>
          fc.constantFrom<readonly [Operator, string]>(
            [{ mode }, `+COPS: ${mode}`],
            [{ mode, format: 0, name }, `+COPS: ${mode},0,"${name}"`],
            [{ mode, format: 2, name, technology: 7 }, `+COPS: ${mode},2,"${name}",7`],
          ),
        )
        .map(([value, line]) => says(value, line)),
  }),
  testForm('cops', '+COPS', cops.test),
  plainForm('cops', 'execute', 'AT+COPS', cops.execute),
  form({
    family: 'cpsi',
    form: 'main',
    args: none,
    make: cpsi,
    written: 'AT+CPSI?',
    reply: () =>
      fc.constantFrom(
        says(
          { system: 'NO SERVICE', operation: 'Low Power Mode', details: [] },
          '+CPSI: NO SERVICE, Low Power Mode',
        ),
        says(
          { system: 'LTE', operation: 'Online', details: ['460-01', '0x230A', '175499523', '-850'] },
          '+CPSI: LTE,Online,460-01,0x230A,175499523,-850',
        ),
      ),
    lookalikes: ['+CPSI'],
  }),
  form({
    family: 'cpsi',
    form: 'report',
    args: fc.record({ interval: int(0, 255) }),
    make: cpsi.report,
    written: ({ interval }) => [interval],
    reply: ok,
  }),
  testForm('cpsi', '+CPSI', cpsi.test),

  form({
    family: 'cgdcont',
    form: 'main',
    args: fc.record(
      { cid, type: fc.constantFrom('IP', 'IPV6', 'IPV4V6'), apn: text(100) },
      { requiredKeys: ['apn'] },
    ),
    make: cgdcont,
    written: ({ cid: id = 1, type = 'IP', apn }) => [id, `"${type}"`, `"${apn}"`],
    reply: ok,
  }),
  form({
    family: 'cgdcont',
    form: 'read',
    args: none,
    make: cgdcont.read,
    written: 'AT+CGDCONT?',
    reply: () =>
      fc
        .array(fc.record({ cid, type: fc.constantFrom('IP', 'IPV4V6'), apn: text(20), long: fc.boolean() }))
        .map((contexts) => ({
          value: contexts.map(({ long: _, ...context }) => ({ ...context, apn: context.apn })),
          lines: contexts.map(
            ({ cid: id, type, apn, long }) =>
              `+CGDCONT: ${id},"${type}","${apn}"${long ? ',"0.0.0.0",0,0,,,,' : ''}`,
          ),
        })),
  }),
  testForm('cgdcont', '+CGDCONT', cgdcont.test),
  plainForm('cgdcont', 'execute', 'AT+CGDCONT', cgdcont.execute),
  form({
    family: 'cgact',
    form: 'main',
    args: fc.record({ active: fc.boolean(), cid }),
    make: cgact,
    written: ({ active, cid: id }) => [Number(active), id],
    reply: ok,
  }),
  form({
    family: 'cgact',
    form: 'read',
    args: none,
    make: cgact.read,
    written: 'AT+CGACT?',
    reply: () =>
      fc.array(fc.record({ cid, active: fc.boolean() })).map((value) => ({
        value,
        lines: value.map(({ cid: id, active }) => `+CGACT: ${id},${Number(active)}`),
      })),
  }),
  testForm('cgact', '+CGACT', cgact.test),
  ...toggleForms('cgatt', '+CGATT', 'attached', cgatt, cgatt.read),
  testForm('cgatt', '+CGATT', cgatt.test),
  form({
    family: 'cgpaddr',
    form: 'main',
    args: fc.record({ cid }, { requiredKeys: [] }),
    make: cgpaddr,
    written: ({ cid: id }) => (id === undefined ? [] : [id]),
    reply: () =>
      fc
        .array(fc.record({ cid, addresses: fc.array(fc.ipV4(), { maxLength: 2 }), quotes: fc.boolean() }))
        .map((contexts) => ({
          value: contexts.map(({ quotes: _, ...context }) => context),
          lines: contexts.map(({ cid: id, addresses, quotes }) =>
            [`+CGPADDR: ${id}`, ...addresses.map((address) => (quotes ? `"${address}"` : address))].join(','),
          ),
        })),
  }),
  testForm('cgpaddr', '+CGPADDR', cgpaddr.test),
  form({
    family: 'cgcontrdp',
    form: 'main',
    args: fc.record({ cid }),
    make: cgcontrdp,
    written: ({ cid: id }) => [id],
    reply: ({ cid: id }) =>
      fc.constantFrom('internet', 'internet.mnc001.mcc262.gprs', '').map((apn) => ({
        value: [{ cid: id, apn }],
        lines: [`+CGCONTRDP: ${id},5,"${apn}","10.0.0.1"`],
      })),
  }),
  testForm('cgcontrdp', '+CGCONTRDP', cgcontrdp.test),
];

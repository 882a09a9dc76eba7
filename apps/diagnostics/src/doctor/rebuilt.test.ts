import { modem } from '@a7600/tcpip';
import { moduleFromBundle, onBundle } from '@a7600/testing';
import { switchMap } from 'rxjs';
import { expect, test } from 'vitest';
import { faults } from '../../test/faults/all.js';
import { bundleOf, type Fault, optionsOf } from '../../test/faults/fault.js';
import { diagnose } from './diagnose.js';
import type { VerdictCode } from './verdicts.js';

// A bundle becomes an emulated module in the same condition: the doctor says the same of both.

/** Verdicts about what passes, or happens, outside of what a conversation tells of the module itself. */
const OUTSIDE: readonly VerdictCode[] = [
  'WRONG_PORT',
  'WRONG_RATE',
  'UNREADABLE',
  'LOOPBACK',
  'LINE_DAMAGED',
  'LINK_LOST',
  'PROGRAM_FAULT',
  'SERVER_WITHOUT_PORT',
  'CLOCK_WRONG',
];
/** Faults that the bundle shows, and the module that is made of it does not have. */
const NOT_REBUILT: readonly VerdictCode[] = [
  'NOT_A_MODEM',
  'UNSUPPORTED_MODULE',
  'DATA_MODE',
  'STOPPED_ANSWERING',
  'MODULE_RESTARTED',
  'RESTART_LOOP',
  'PIN_REFUSED',
  'IPV6_ONLY',
  'DNS_DEAD',
];
const hasDialogue = (text: string) => text.trim().split('\n').length > 1;
const bundles = faults.map((fault) => [fault.name, fault, bundleOf(fault)] as const);

test.each(
  bundles.filter(
    ([, { verdict }, text]) => hasDialogue(text) && ![...OUTSIDE, ...NOT_REBUILT].includes(verdict),
  ),
)('%s', (_, fault, text) => {
  const module = moduleFromBundle(text);
  expect(module.verdict.code).toBe(fault.verdict);
  const options = { ...optionsOf(fault, module.scheduler), target: module.target };
  const last = module.run(diagnose(module.transport, options), 1_200_000).at(-1);
  expect(last).toMatchObject({ verdict: { code: fault.verdict } });
});

test('at least thirty faults are rebuilt', () => {
  const rebuilt = bundles.filter(([, { verdict }]) => ![...OUTSIDE, ...NOT_REBUILT].includes(verdict));
  expect(rebuilt.filter(([, , text]) => hasDialogue(text)).length).toBeGreaterThanOrEqual(30);
});

test('what lies outside of the module is refused', () => {
  for (const [, { verdict }, text] of bundles.filter(([, { verdict }]) => OUTSIDE.includes(verdict))) {
    expect(() => moduleFromBundle(text)).toThrow(verdict);
  }
  expect(() => moduleFromBundle('{"format":"a7600-recording"}\n')).toThrow('a7600 doctor --bundle');
});

test('a bundle is a failing test in one call, which passes once the program copes', () => {
  const { scheduler: _, ...fault } = {
    ...(faults.find(({ name }) => name === 'a SIM with a PIN') as Fault),
    scheduler: 0,
  };
  const text = bundleOf(fault);
  const online = (pin?: string) =>
    onBundle(text, ({ transport, scheduler }) =>
      modem(transport, { scheduler, pin }).pipe(switchMap((opened) => opened.network())),
    );
  expect(online()).toThrow('Of this modem the doctor said: The SIM asks for its PIN. (SIM_PIN)');
  expect(online('1234')).not.toThrow();
});

import { describe, expect, test } from 'vitest';
import { faults } from '../../test/faults/all.js';
import { bundleOf, examined, type Fault } from '../../test/faults/fault.js';
import { isBundle, reexamine } from './bundle.js';
import type { Diagnosis } from './diagnose.js';
import type { Finding } from './finding.js';

function verdictOf(diagnoses: readonly Diagnosis[]): string | undefined {
  const last = diagnoses.at(-1);
  return last !== undefined && 'verdict' in last ? last.verdict.code : undefined;
}

test.each(faults.map((fault) => [fault.name, fault] as const))(
  '%s: the bundle shows the same verdict',
  (_, fault) => {
    const text = bundleOf(fault);
    expect(isBundle(text)).toBe(true);
    const { recorded, diagnoses } = reexamine(text);
    expect(recorded.code).toBe(fault.verdict);
    expect({ last: verdictOf(diagnoses), evidence: diagnoses.at(-1) }).toMatchObject({ last: fault.verdict });
    // What is for the person alone is dots in it, or what stands in place of it.
    const steps = (findings: readonly Finding[]) => findings.map(({ step, state }) => `${step} ${state}`);
    const again = diagnoses.flatMap((diagnosis) => ('finding' in diagnosis ? [diagnosis.finding] : []));
    expect(steps(again)).toEqual(steps(examined(fault).findings));
  },
);

test('a band, a refused lookup and a peer that is reserved for documentation are shown again', () => {
  const [healthy] = faults;
  const { diagnoses } = reexamine(bundleOf(healthy as Fault));
  const texts = diagnoses.flatMap((diagnosis) => ('finding' in diagnosis ? [diagnosis.finding.text] : []));
  expect(texts).toContain('LTE, EUTRAN-BAND3');
  expect(texts).toContain('example.com is resolved');
  const unknown = faults.find(({ verdict }) => verdict === 'NAME_NOT_FOUND') as Fault;
  expect(bundleOf(unknown)).toMatch(/\+CDNSGIP: 0,\d+/);
});

describe('a bundle that was cut off', () => {
  const whole = bundleOf(faults[0] as Fault)
    .trimEnd()
    .split('\n');

  test.each([0.2, 0.4, 0.6, 0.8, 0.95])('after %d of its lines says where it ends', (share) => {
    const count = Math.floor(whole.length * share);
    const { diagnoses } = reexamine(`${whole.slice(0, count).join('\n')}\n`);
    expect(diagnoses.at(-1)).toMatchObject({
      verdict: {
        code: 'RECORDING_DAMAGED',
        exit: 2,
        evidence: [expect.stringContaining(`The recording ends at line ${count}`)],
        next: 'a7600 doctor --bundle modem.jsonl',
      },
    });
  });

  test('within a line, too', () => {
    const { diagnoses } = reexamine(whole.join('\n').slice(0, -20));
    expect(diagnoses.at(-1)).toMatchObject({ verdict: { code: 'RECORDING_DAMAGED' } });
  });
});

test('nothing in a bundle is for the person alone', () => {
  const fault: Fault = {
    name: 'secrets',
    verdict: 'WORKS',
    transport: (faults.find(({ name }) => name === 'the PIN is given and right') as Fault).transport,
    options: { pin: '1234', apn: 'private.apn', target: { host: 'broker.company.com', port: 80 } },
  };
  const text = bundleOf(fault);
  for (const secret of [
    '1234',
    'private.apn',
    '862636050000019',
    'broker.company.com',
    '10.0.0.2',
    'Test Network',
  ]) {
    expect(text).not.toContain(secret);
  }
});

import { expect, test } from 'vitest';
import { faults } from '../../test/faults/all.js';
import { bundleOf, type Fault } from '../../test/faults/fault.js';
import { isBundle, reexamine } from './bundle.js';
import type { Diagnosis } from './diagnose.js';

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
  },
);

test('nothing in a bundle is for the person alone', () => {
  const fault: Fault = {
    name: 'secrets',
    verdict: 'WORKS',
    transport: (faults.find(({ name }) => name === 'the PIN is given and right') as Fault).transport,
    options: { pin: '1234', apn: 'private.apn', target: { host: 'example.com', port: 80 } },
  };
  const text = bundleOf(fault);
  for (const secret of [
    '1234',
    'private.apn',
    '862636050000019',
    'example.com',
    '10.0.0.2',
    'Test Network',
  ]) {
    expect(text).not.toContain(secret);
  }
});

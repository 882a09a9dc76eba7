import { type EmulatorOptions, ok } from '@a7600/testing';
import { remedies } from '@a7600/transport';
import { describe, expect, test } from 'vitest';
import { effort } from '../../../../tools/thorough.js';
import { faults } from '../../test/faults/all.js';
import { ofPrograms } from '../../test/faults/causes.js';
import { device, examined, type Fault, module } from '../../test/faults/fault.js';
import { verdictCodes } from './verdicts.js';

type Surroundings = EmulatorOptions['surroundings'] & {};

/** Lines that are damaged in other places each. */
const SEEDS = effort(8, 20);

const SOME_EVIDENCE = { evidence: expect.arrayContaining([expect.any(String)]) };

// The matrix: each fault has its verdict, none a wrong one, with a next command to type, and evidence where it is no success.

test.each(faults.map((fault) => [fault.name, fault.verdict, fault] as const))('%s: %s', (_, code, fault) => {
  const { verdict } = examined(fault);
  expect({ code: verdict.code, evidence: verdict.evidence }).toMatchObject({ code });
  expect({ next: verdict.next }).toEqual({ next: expect.any(String) });
  if (code !== 'WORKS') expect(verdict).toMatchObject(SOME_EVIDENCE);
});

test('a healthy module works in under five seconds', () => {
  const [healthy] = faults;
  if (healthy === undefined) throw new Error('There is no healthy module.');
  const { verdict, elapsed } = examined(healthy);
  expect(verdict.code).toBe('WORKS');
  expect(elapsed).toBeLessThan(5_000);
});

test('what a person would need an hour for is told', () => {
  const [healthy] = faults;
  const steps = examined(healthy as Fault).findings.map(({ step, text }) => `${step}: ${text}`);
  expect(steps).toEqual([
    'answer: answers AT at 115200 baud, with echo',
    'module: A7672SA-FASE, firmware A011B19A7672M7_F',
    'supply: 3.8 V',
    'temperature: 29 degrees Celsius',
    'flow control: none (AT+IFC)',
    'SIM: ready, tries left for its PIN: 3',
    'network: registered in the home network: Test Network',
    'signal: -67 dBm, excellent',
    'band: LTE, EUTRAN-BAND3',
    'access point: the default of the network',
    'address: 10.0.0.2 (IPv4)',
    'contexts: 1 IP, default access point, active',
    'names: example.com is resolved',
    expect.stringMatching(/^connection: to example\.com:80 in \d+ ms$/),
  ]);
});

test('a context that the network has opened by itself is told, too', () => {
  const behaviours = [
    { command: '+CGDCONT', read: () => ok('+CGDCONT: 1,"IP","internet"') },
    { command: '+CGACT', read: () => ok('+CGACT: 1,1', '+CGACT: 8,1') },
  ];
  const { findings } = examined({ name: 'two', verdict: 'WORKS', transport: module({ behaviours }) });
  expect(findings.find(({ step }) => step === 'contexts')?.text).toBe(
    '1 IP, internet, active; 8 of the network, active',
  );
});

test('a SIM7600 is known by the name that it gives itself', () => {
  const fault = faults.find(({ name }) => name === 'a healthy SIM7600');
  if (fault === undefined) throw new Error('There is no SIM7600.');
  const { findings } = examined(fault);
  expect(findings).toContainEqual(expect.objectContaining({ step: 'module', state: 'good' }));
});

test.each([
  ['a server that does not speak RFC 2217', 'a7600 doctor --tcp server:3001'],
  ['a Telnet server that does not speak RFC 2217', 'a7600 doctor --rfc2217 server:3001'],
  ['a Telnet server', 'a7600 doctor --rfc2217 server:3001'],
])('the next command after %s does not damage bytes', (name, next) => {
  expect(examined(faults.find((fault) => fault.name === name) as Fault).verdict.next).toBe(next);
});

test('what a server printed before it hung up is told', () => {
  const fault = faults.find(({ verdict }) => verdict === 'SERVER_WITHOUT_PORT') as Fault;
  expect(examined(fault).verdict.evidence).toContain('it printed "Port already in use"');
});

test.each([true, false])('a secret that was left on the line is not told (hangs up: %s)', (hangsUp) => {
  const transport = device((far) => {
    far.received$.subscribe({ error: () => {} });
    far.write('AT+CPIN="7352"\r\nlogin: ').subscribe();
    if (hangsUp) far.close().subscribe();
  });
  const options = { connection: '--tcp server:3001', baudRate: undefined };
  const { evidence } = examined({ name: '', verdict: 'NOT_A_MODEM', transport, options }).verdict;
  expect(evidence.join(' ')).toContain('AT+CPIN="████"');
});

test('a mistake of the program looks like one, and asks for a bundle', () => {
  const fault = faults.find(({ verdict }) => verdict === 'PROGRAM_FAULT');
  if (fault === undefined) throw new Error('There is no such fault.');
  const { verdict } = examined(fault);
  expect(verdict).toMatchObject({ exit: 70, next: expect.stringContaining('--bundle modem.jsonl') });
  expect(verdict.evidence).toEqual([
    expect.stringMatching(/^TypeError: /),
    ...verdict.evidence.slice(1).map(() => expect.stringMatching(/^at /)),
  ]);
});

test('what was asked for is asked for again, except what the advice replaces', () => {
  const options = {
    apn: 'internet',
    login: { user: 'me', password: 'right' },
    target: { host: '192.0.2.1', port: 7 },
  };
  const nextOf = (surroundings: Surroundings) =>
    examined({ name: '', verdict: 'WORKS', transport: module({ surroundings }), options }).verdict.next;
  const access = '--user me --password-file FILE --target 192.0.2.1:7';
  expect(nextOf({ sim: { cme: 10 } })).toBe(`a7600 doctor --serial /dev/ttyUSB2 --apn internet ${access}`);
  expect(nextOf({ bearer: false })).toBe(`a7600 doctor --serial /dev/ttyUSB2 --apn NAME ${access}`);
});

describe('the matrix is complete', () => {
  test('there are at least 40 faults, each verdict is given for one, and nearly each has its own', () => {
    const bad = faults.filter(({ verdict }) => verdict !== 'WORKS');
    expect(bad.length).toBeGreaterThanOrEqual(40);
    expect(new Set(faults.map(({ verdict }) => verdict))).toEqual(new Set(verdictCodes));
  });

  test('each cause of the table of remedies is in it, or no examination can meet it', () => {
    const covered = new Set([...faults.flatMap(({ causes = [] }) => causes), ...Object.keys(ofPrograms)]);
    expect([...covered].sort()).toEqual(Object.keys(remedies).sort());
  });
});

test.each([
  'droppedByte',
  'doubledByte',
  'flippedBit',
  'droppedInput',
  'lostLine',
  'damagedLine',
  'lostAnswer',
  'lostCommand',
] as const)(
  '%s now and then: what is said is about the line or the module, and never about SIM, network or provider',
  (kind) => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { verdict } = examined({
        name: `${kind}, seed ${seed}`,
        verdict: 'LINE_DAMAGED',
        transport: module({ faults: { seed, rates: { [kind]: 0.01 } } }),
      });
      expect(['WORKS', 'LINE_DAMAGED', 'STOPPED_ANSWERING']).toContain(verdict.code);
    }
  },
);

import { note100, sim7600 } from '@a7600/testing';
import { type Fault, module, moduleAfter } from './fault.js';

/** Modules that work, some of them after another program: none may be a false alarm. */
export const healthy: readonly Fault[] = [
  { name: 'a healthy module', verdict: 'WORKS', transport: module() },
  { name: 'a healthy SIM7600', verdict: 'WORKS', transport: module({ profile: sim7600 }) },
  { name: 'a module of 2020', verdict: 'WORKS', transport: module({ profile: note100 }) },
  { name: 'a module that was just switched on', verdict: 'WORKS', transport: module({ start: 'starting' }) },
  {
    name: 'a module that is roaming',
    verdict: 'WORKS',
    transport: module({ surroundings: { registration: 5 } }),
  },
  { name: 'echo left off', verdict: 'WORKS', transport: moduleAfter('ATE0') },
  { name: 'answers left in numbers (ATV0)', verdict: 'WORKS', transport: moduleAfter('ATV0') },
  {
    name: 'sleep by DTR left on, on a port that asserts DTR',
    verdict: 'WORKS',
    transport: moduleAfter('AT+CSCLK=1'),
  },
  {
    name: 'an access point name and a login are given',
    verdict: 'WORKS',
    transport: module(),
    options: { apn: 'internet', login: { user: 'me', password: 'right' } },
  },
  { name: 'a network left open', verdict: 'WORKS', transport: moduleAfter('AT+NETOPEN') },
  {
    name: 'transparent mode left set',
    verdict: 'WORKS',
    transport: moduleAfter('AT+CIPMODE=1'),
  },
  {
    name: 'the PIN is given and right',
    verdict: 'WORKS',
    transport: module({ surroundings: { sim: 'SIM PIN' } }),
    options: { pin: '1234' },
  },
  {
    name: 'unsolicited lines at any place',
    verdict: 'WORKS',
    transport: module({ faults: { rates: { chatter: 0.3 } } }),
  },
  {
    name: 'answers that come in chunks',
    verdict: 'WORKS',
    transport: module({ faults: { rates: { split: 0.5, join: 0.3 } } }),
  },
];

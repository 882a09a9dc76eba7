import { type Fault, module } from './fault.js';

/** What is wrong with the SIM. */
export const simFaults: readonly Fault[] = [
  {
    name: 'no SIM',
    verdict: 'SIM_MISSING',
    causes: ['SIM_MISSING'],
    transport: module({ surroundings: { sim: { cme: 10 } } }),
  },
  {
    name: 'a broken SIM',
    verdict: 'SIM_FAILED',
    causes: ['SIM_NOT_READY'],
    transport: module({ surroundings: { sim: { cme: 13 } } }),
  },
  {
    name: 'a SIM that stays busy',
    verdict: 'SIM_NOT_READY',
    causes: ['SIM_NOT_READY'],
    transport: module({ surroundings: { sim: { cme: 14 } } }),
  },
  {
    name: 'a SIM with a PIN',
    verdict: 'SIM_PIN',
    causes: ['SIM_LOCKED'],
    transport: module({ surroundings: { sim: 'SIM PIN' } }),
  },
  {
    name: 'a wrong PIN',
    verdict: 'PIN_REFUSED',
    causes: ['PIN_REFUSED'],
    transport: module({ surroundings: { sim: 'SIM PIN' } }),
    options: { pin: '0000' },
  },
  {
    name: 'a SIM with a PUK',
    verdict: 'SIM_PUK',
    causes: ['SIM_LOCKED'],
    transport: module({ surroundings: { sim: 'SIM PUK' } }),
  },
  {
    name: 'a module for one provider only',
    verdict: 'SIM_LOCKED',
    causes: ['SIM_LOCKED'],
    transport: module({ surroundings: { sim: 'PH-NET PIN' } }),
  },
];

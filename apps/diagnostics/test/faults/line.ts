import { a76xx, emulator, ok, refuse } from '@a7600/testing';
import { defer, EMPTY, map } from 'rxjs';
import { device, type Fault, module, moduleAfter, moduleAfterWithoutDtr } from './fault.js';

const SIM7080 = {
  ...a76xx,
  name: 'SIM7080',
  identity: { ...a76xx.identity, model: 'SIMCOM_SIM7080G', revision: '1951B13SIM7080' },
};

/** What is wrong with the serial line, or with the module itself. */
export const lineFaults: readonly Fault[] = [
  {
    name: 'a module that is switched off',
    verdict: 'MODULE_SILENT',
    causes: ['MODULE_SILENT', 'NOT_READY', 'TIMEOUT'],
    transport: module({ start: 'off' }),
  },
  {
    name: 'the wrong baud rate',
    verdict: 'WRONG_RATE',
    causes: ['MODULE_SILENT'],
    transport: ({ scheduler }) => {
      const made = emulator({ scheduler, baudRate: 9_600, uart: { baudRate: 115_200 } });
      const setBaudRate = (baudRate: number) =>
        defer(() => {
          made.control.setHostFormat({ baudRate });
          return EMPTY;
        });
      return made.pipe(map((link) => Object.assign(Object.create(link), { baudRate: 115_200, setBaudRate })));
    },
  },
  {
    name: 'bytes that are no text',
    verdict: 'UNREADABLE',
    transport: device((far) => {
      far.received$.subscribe({
        next: () => far.write(Uint8Array.of(0x80, 0xf3, 0x00, 0xa1, 0xff, 0x9c)).subscribe(),
        error: () => {},
      });
    }),
    options: { baudRate: undefined },
  },
  {
    name: 'TX and RX connected with each other',
    verdict: 'LOOPBACK',
    transport: device((far) => {
      far.received$.subscribe({ next: (bytes) => far.write(bytes).subscribe(), error: () => {} });
    }),
    options: { baudRate: undefined },
  },
  {
    name: 'a console that asks for a login',
    verdict: 'NOT_A_MODEM',
    transport: device((far) => {
      far.received$.subscribe({
        next: () => far.write('\r\nraspberrypi login: ').subscribe(),
        error: () => {},
      });
    }),
    options: { baudRate: undefined },
  },
  {
    name: 'a modem of another maker',
    verdict: 'NOT_A_MODEM',
    transport: module({
      profile: { ...a76xx, identity: { ...a76xx.identity, manufacturer: 'Quectel', model: 'EC25' } },
      behaviours: [
        { command: '+CAOPEN', test: () => refuse() },
        { command: '+CIPOPEN', test: () => refuse() },
      ],
    }),
  },
  {
    name: 'a device that says OK to everything',
    verdict: 'NOT_A_MODEM',
    transport: device((far) => {
      far.received$.subscribe({ next: () => far.write('\r\nOK\r\n').subscribe(), error: () => {} });
    }),
  },
  {
    name: 'a SIM7080',
    verdict: 'UNSUPPORTED_MODULE',
    causes: ['UNSUPPORTED_MODULE'],
    transport: module({
      profile: SIM7080,
      behaviours: [{ command: '+CAOPEN', test: () => ok('+CAOPEN: (0-12),(0),("TCP","UDP")') }],
    }),
  },
  {
    name: 'a transparent connection left open',
    verdict: 'DATA_MODE',
    causes: ['WRONG_MODE'],
    transport: moduleAfter('AT+CIPMODE=1', 'AT+NETOPEN', 'AT+CIPOPEN=0,"TCP","example.com",80'),
  },
  {
    name: 'a module that sleeps',
    verdict: 'SLEEPS',
    transport: moduleAfter('AT+CSCLK=2'),
  },
  {
    name: 'a module that sleeps until DTR is asserted, which nothing does',
    verdict: 'MODULE_SILENT',
    causes: ['MODULE_SILENT'],
    transport: moduleAfterWithoutDtr('AT+CSCLK=1'),
  },
  {
    name: 'a line that loses bytes',
    verdict: 'LINE_DAMAGED',
    causes: ['FRAMING_LOST', 'UNREADABLE_ANSWER', 'SETTING_REFUSED'],
    transport: module({ faults: { seed: 3, rates: { droppedByte: 0.02 } } }),
  },
  {
    name: 'a module that dies in the middle',
    verdict: 'STOPPED_ANSWERING',
    causes: ['TIMEOUT'],
    transport: module({}, ({ control }, { scheduler }) => {
      scheduler.schedule(() => control.powerOff(), 20);
    }),
  },
  {
    name: 'one restart in the middle',
    verdict: 'MODULE_RESTARTED',
    causes: ['MODULE_RESTARTED'],
    transport: module({}, ({ control }, { scheduler }) => {
      scheduler.schedule(() => control.restart(), 20);
    }),
  },
  {
    name: 'one restart in the middle, and no SIM',
    verdict: 'SIM_MISSING',
    transport: module({ surroundings: { sim: { cme: 10 } } }, ({ control }, { scheduler }) => {
      scheduler.schedule(() => control.restart(), 20);
    }),
  },
  {
    name: 'a boot loop',
    verdict: 'RESTART_LOOP',
    causes: ['RESTART_LOOP'],
    transport: module({}, ({ control }, { scheduler }) => {
      scheduler.schedule(() => control.restartRepeatedly([12_000, 20_000]), 20);
    }),
  },
  { name: 'a weak supply', verdict: 'SUPPLY_LOW', transport: module({ surroundings: { voltage: 3.2 } }) },
  { name: 'too much voltage', verdict: 'SUPPLY_HIGH', transport: module({ surroundings: { voltage: 4.6 } }) },
  {
    name: 'a module in the sun',
    verdict: 'TOO_HOT',
    transport: module({ surroundings: { temperature: 93 } }),
  },
  {
    name: 'a module in the ice',
    verdict: 'TOO_COLD',
    transport: module({ surroundings: { temperature: -45 } }),
  },
];

import { a76xx } from '../../src/emulator/profiles/a76xx.js';
import { instant } from '../../src/emulator/timing.js';
import { type Console, type ConsoleOptions, open } from '../console.js';
import { type Effects, printedFor, restarted } from './effect.js';

const withUart = { uart: { baudRate: 115_200 }, timing: instant };
const typedSlowly = (console: Console) => {
  console.type('AT\r');
  return console.wait(100);
};
const transparentLine = (console: Console) => {
  console.at('+CIPMODE=1');
  console.at('+NETOPEN');
  console.outside.serve('10.0.9.9', 1).subscribe(() => {});
  return console.at('+CIPOPEN=0,"TCP","10.0.9.9",1');
};
const waitingForThreeRings = (options: ConsoleOptions) => {
  const console = open(options);
  console.at('S0=3');
  return console;
};

/** Echo, results, registers, and the serial line. */
export const lineEffects: Effects = {
  E: [{ set: 'E1', seen: (console) => console.at('') }],
  Q: [{ set: 'Q1', seen: (console) => console.at('') }],
  V: [{ set: 'V0', seen: (console) => console.at('') }],
  X: [{ set: 'X0', seen: transparentLine }],
  '+CMEE': [{ set: '+CMEE=1', seen: (console) => console.at('+CPIN="1"') }],
  S0: [
    {
      set: 'S0=1',
      seen: ({ module: { control } }) => control.phone('+4930111111').call(control.number).state,
    },
  ],
  '&F': [{ set: '&F', seen: (console) => console.at('') }],
  '&W': [
    {
      set: '&W0',
      begin: waitingForThreeRings,
      seen: (console) => restarted(console).at('Z') + console.at('S0?'),
    },
  ],
  Z: [{ set: 'Z', begin: waitingForThreeRings, seen: (console) => console.at('S0?') }],
  S3: [{ set: 'S3=35', seen: (console) => console.type('AT\r') }],
  S4: [{ set: 'S4=35', seen: (console) => console.at('') }],
  S5: [{ set: 'S5=35', seen: (console) => console.at('+CSX#Q') }],
  '&S': [{ set: '&S1', seen: ({ module }) => module.control.dsr }],
  '&C': [{ set: '&C0', seen: ({ module }) => module.control.dcd }],
  '&D': [
    {
      set: '&D1',
      seen: (console) => {
        transparentLine(console);
        console.module.control.dtr = false;
        return console.module.control.state.mode;
      },
    },
  ],
  '+IPR': [{ set: '+IPR=9600', seen: typedSlowly, options: withUart }],
  '+IPREX': [
    {
      set: '+IPREX=9600',
      seen: (console) => {
        console.module.control.restart();
        return console.module.control.state.settings.format.baudRate;
      },
    },
  ],
  '+ICF': [{ set: '+ICF=5,1', seen: typedSlowly, options: withUart }],
  '+IFC': [
    {
      set: '+IFC=2,2',
      options: { uart: { baudRate: 115_200, rtscts: true, hostFifo: 128 } },
      seen: (console) => {
        console.wait(100);
        console.pause();
        console.type(`AT${'+CSQ;'.repeat(60)}\r`);
        console.wait(1_000);
        return console.module.control.lostByHost > 0;
      },
    },
  ],
  '+CSCLK': [
    {
      set: '+CSCLK=1',
      seen: (console) => {
        console.module.control.dtr = false;
        return console.at('');
      },
    },
  ],
  '+CATR': [{ set: '+CATR=3', seen: (console) => printedFor(console, '+CPIN: READY') }],
  '+CURCD': [
    {
      set: '+CURCD=500,1',
      seen: (console) => {
        console.module.control.loseBearer();
        return console.printed();
      },
    },
  ],
  '+CFGRI': [
    {
      set: '+CFGRI=1',
      seen: (console) => {
        let pulses = 0;
        console.module.control.events$.subscribe(({ kind }) => {
          if (kind === 'ring pulse') pulses += 1;
        });
        printedFor(console, '+CPIN: READY');
        return pulses;
      },
    },
  ],
  '+CMUX': [{ set: '+CMUX=0', seen: (console) => console.at('') }],
  '+CVAUXS': [{ set: '+CVAUXS=1', seen: ({ module }) => module.control.auxiliaryVoltage }],
  '+CVAUXV': [
    {
      set: '+CVAUXV=1800',
      begin: (options) => {
        const console = open(options);
        console.at('+CVAUXS=1');
        return console;
      },
      seen: ({ module }) => module.control.auxiliaryVoltage,
    },
  ],
  '+CGDRT': [
    {
      set: '+CGDRT=4,1',
      begin: (options) => {
        const console = open(options);
        console.at('+CGSETV=4,1');
        return console;
      },
      seen: ({ module }) => module.control.pins.level(4),
    },
  ],
  '+CGSETV': [
    {
      set: '+CGSETV=4,1',
      begin: (options) => {
        const console = open(options);
        console.at('+CGDRT=4,1');
        return console;
      },
      seen: ({ module }) => module.control.pins.level(4),
    },
  ],
  '+CGGETV': [
    {
      asks: ['+CGGETV=3', '+CGGETV=4'],
      begin: (options) => {
        const console = open(options);
        console.module.control.pins.apply(3, true);
        return console;
      },
    },
  ],
  '+NETOPEN': [
    {
      set: '+NETOPEN=1',
      options: { profile: { ...a76xx, takesContextNumber: true } },
      seen: ({ module }) => module.control.networkOpen,
    },
  ],
};

import { type Console, type ConsoleOptions, observe, open } from '../console.js';
import type { Effects } from './effect.js';

const ANN = '+4930111111';
const BOB = '+4930222222';

/** Ann calls the module. */
const called = (console: Console, from = ANN) => {
  const { control } = console.module;
  console.printed();
  return control.phone(from).call(control.number);
};
/** The module calls Ann; returns Ann's end. */
const calling = (console: Console) => {
  const incoming = observe(console.module.control.phone(ANN).calls$);
  console.at(`D${ANN};`);
  const [call] = incoming.values;
  if (call === undefined) throw new Error('It does not ring.');
  return call;
};
const withAnn = (options: ConsoleOptions) => {
  const console = open(options);
  console.module.control.phone(ANN);
  return console;
};
const talking = (options: ConsoleOptions) => {
  const console = open(options);
  calling(console).answer();
  console.printed();
  return console;
};
const ringing = (console: Console) => {
  called(console);
  return console.printed();
};
/** When Ann hears each tone. */
const tonesHeard = (console: Console, command: string) => {
  const call = calling(console);
  const heard: unknown[] = [];
  call.tones$.subscribe((tone) => heard.push([tone, console.now()]));
  call.answer();
  console.at(command);
  console.wait(5_000);
  return heard;
};

/** Voice calls. */
export const callEffects: Effects = {
  D: [{ set: `D${ANN};`, begin: withAnn, seen: (console) => console.at('+CPAS') }],
  H: [
    {
      set: 'H0',
      begin: (options) => {
        const console = talking(options);
        console.at('+CVHU=0');
        return console;
      },
      seen: (console) => console.at('+CPAS'),
    },
  ],
  '+CVHU': [
    {
      set: '+CVHU=0',
      begin: talking,
      seen: (console) => {
        console.at('H');
        return console.at('+CPAS');
      },
    },
  ],
  '+CLIP': [{ set: '+CLIP=1', seen: ringing }],
  '+CRC': [{ set: '+CRC=1', seen: ringing }],
  '+CLCC': [{ set: '+CLCC=1', seen: ringing }],
  '+CLIR': [{ set: '+CLIR=1', seen: (console) => calling(console).number }],
  '+COLP': [
    {
      set: '+COLP=1',
      seen: (console) => {
        calling(console).answer();
        return console.printed();
      },
    },
  ],
  '+CCWA': [{ set: '+CCWA=1', begin: talking, seen: (console) => called(console, BOB).state }],
  '+CCFC': [
    { set: `+CCFC=0,3,"${BOB}"`, seen: (console) => called(console).state + console.printed() },
    {
      set: `+CCFC=1,3,"${BOB}"`,
      begin: talking,
      seen: (console) => {
        console.module.control.phone(BOB);
        return called(console, '+4930333333').state;
      },
    },
    {
      set: `+CCFC=2,3,"${BOB}",145,7,,,10`,
      seen: (console) => {
        console.module.control.phone(BOB);
        called(console);
        return console.wait(15_000);
      },
    },
    {
      set: `+CCFC=3,3,"${BOB}"`,
      seen: (console) => {
        console.module.control.phone(BOB);
        console.at('+CFUN=0');
        return called(console).state;
      },
    },
  ],
  '+CHLD': ['0', '1', '2'].map((action) => ({
    asks: ['+CLCC', `+CHLD=${action};+CLCC`] as const,
    begin: (options: ConsoleOptions) => {
      const console = talking(options);
      if (action === '0') console.at('+CHLD=2');
      return console;
    },
  })),
  '+VTS': [{ asks: ['+VTS=1', '+VTS=2'], through: tonesHeard }],
  '+VTD': [{ set: '+VTD=600', seen: (console) => tonesHeard(console, '+VTS=12') }],
};

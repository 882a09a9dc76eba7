import { type Console, type ConsoleOptions, open } from '../console.js';
import type { Effects } from './effect.js';

const ANN = '+4930111111';

/** Commands before the one that is tried. */
const after =
  (...commands: string[]) =>
  (options: ConsoleOptions) => {
    const console = open(options);
    console.module.control.phone(ANN);
    for (const command of commands) console.at(command);
    return console;
  };
/** In text mode, with two messages of Ann's that came in. */
const withMessages = (options: ConsoleOptions) => {
  const console = after('+CMGF=1')(options);
  received(console, 'one');
  received(console, 'two');
  console.printed();
  return console;
};
const written = (options: ConsoleOptions) => {
  const console = after('+CMGF=1')(options);
  console.at(`+CMGW="${ANN}"`);
  console.type('draft\u001a');
  return console;
};
const received = (console: Console, text: string) => {
  const { control } = console.module;
  control.phone(ANN).send(control.number, text);
  return console.printed();
};
/** What a command answers after a message has come in. */
const afterMessage = (command: string) => (console: Console) => {
  received(console, 'hi');
  return console.at(command);
};
const inboxOf = ({ module }: Console) => module.control.phone(ANN).inbox.map(({ text }) => text);
const sent = (console: Console) => {
  console.at('+CMGF=1');
  console.at(`+CMGS="${ANN}"`);
  return console.type('hello\u001a');
};
const listed = (console: Console) => console.at('+CMGL="ALL"');
const broadcast = (console: Console) => {
  console.module.control.mobile.broadcast({ channel: 50, text: 'Cell 7' });
  return console.printed();
};
/** Sends to a phone that is switched on ten minutes later. */
const sentToSleeper = (console: Console) => {
  const ann = console.module.control.phone(ANN);
  ann.on = false;
  sent(console);
  console.wait(600_000);
  ann.on = true;
  return ann.inbox.length;
};

/** Messages. */
export const messageEffects: Effects = {
  '+CMGS': [{ set: sent, begin: after(), seen: inboxOf }],
  '+CMSS': [{ set: '+CMSS=1', begin: written, seen: inboxOf }],
  '+CMGW': [
    {
      set: (console) => {
        console.at(`+CMGW="${ANN}"`);
        console.type('draft\u001a');
      },
      begin: after('+CMGF=1'),
      seen: listed,
    },
  ],
  '+CMGSEX': [
    {
      set: (console) => {
        console.at(`+CMGSEX="${ANN}"`);
        console.type('hello\u001a');
      },
      begin: after('+CMGF=1'),
      seen: inboxOf,
    },
  ],
  '+CMGL': [{ asks: ['+CMGL="REC UNREAD"', '+CMGL="STO SENT"'], begin: withMessages }],
  '+CMGR': [{ asks: ['+CMGR=1', '+CMGR=2'], begin: withMessages }],
  '+CMGRD': [{ set: '+CMGRD=1', begin: withMessages, seen: listed }],
  '+CMGD': [{ set: '+CMGD=1', begin: withMessages, seen: listed }],
  '+CMGF': [{ set: '+CMGF=1', seen: afterMessage('+CMGR=1') }],
  '+CSDH': [{ set: '+CSDH=1', begin: withMessages, seen: (console) => console.at('+CMGR=1') }],
  '+CGSMS': [{ set: '+CGSMS=0', begin: after('+CGATT=0'), seen: sent }],
  '+CSMS': [
    {
      set: '+CSMS=1',
      begin: after('+CNMI=2,2'),
      seen: afterMessage('+CNMA'),
    },
  ],
  '+CNMA': [
    {
      set: '+CNMA=0',
      begin: (options) => {
        const console = after('+CSMS=1', '+CNMI=2,2')(options);
        received(console, 'hi');
        return console;
      },
      seen: (console) => console.at('+CNMA'),
    },
  ],
  '+CPMS': [
    { set: '+CPMS="ME"', begin: withMessages, seen: listed },
    {
      set: '+CPMS="SM","ME"',
      begin: after('+CMGF=1'),
      seen: (console) => {
        console.at(`+CMGW="${ANN}"`);
        console.type('draft\u001a');
        return listed(console);
      },
    },
    { set: '+CPMS="SM","SM","ME"', seen: (console) => received(console, 'hi') },
  ],
  '+CSCA': [
    {
      set: '+CSCA="+4917200000"',
      begin: after('+CMGF=1', '+CSDH=1'),
      seen: afterMessage('+CMGR=1'),
    },
  ],
  '+CSMP': [
    { set: '+CSMP=49,167,0,0', begin: after('+CNMI=2,1,0,1'), seen: sent },
    { set: '+CSMP=17,0,0,0', seen: sentToSleeper },
    {
      set: '+CSMP=17,167,0,8',
      begin: after(),
      seen: (console) => {
        console.at('+CMGF=1');
        console.at(`+CMGS="${ANN}"`);
        console.type('00410042\u001a');
        return inboxOf(console);
      },
    },
    { set: '+CSMP=17,167,64,0', seen: (console) => protocolOf(console) },
  ],
  '+CMVP': [{ set: '+CMVP=0', seen: sentToSleeper }],
  '+CNMI': [
    { set: '+CNMI=2,0', seen: (console) => received(console, 'hi') },
    { set: '+CNMI=2,2', seen: (console) => received(console, 'hi') },
    { set: '+CNMI=0,1', seen: (console) => received(console, 'hi') },
    { set: '+CNMI=2,1,2', seen: broadcast },
    { set: '+CNMI=2,1,0,1', begin: after('+CMGF=1', '+CSMP=49,167,0,0'), seen: sent },
    { set: '+CNMI=2,1,0,2', begin: after('+CMGF=1', '+CSMP=49,167,0,0'), seen: sent },
    {
      set: '+CNMI=0,1,0,0,1',
      begin: after('+CNMI=0,1,0,0,0'),
      seen: (console) => {
        received(console, 'hi');
        return console.at('+CNMI=2');
      },
    },
  ],
  '+CSCB': [
    { set: '+CSCB=1,"50"', begin: after('+CNMI=2,1,2'), seen: broadcast },
    { set: '+CSCB=0,"0-49"', begin: after('+CNMI=2,1,2'), seen: broadcast },
    { set: '+CSCB=1,"","0-15"', begin: after('+CNMI=2,1,2'), seen: broadcast },
  ],
};

/** TP-PID of a message to the module itself. */
function protocolOf(console: Console): string {
  console.at('+CMGF=1');
  console.at('+CSDH=1');
  console.at(`+CMGS="${console.module.control.number}"`);
  console.type('hello\u001a');
  console.wait(1_000);
  return console.at('+CMGR=1');
}

import { a76xx } from '../../src/emulator/profiles/a76xx.js';
import { instant } from '../../src/emulator/timing.js';
import { bound, type Console, type ConsoleOptions, connected, open, openOnline, say } from '../console.js';
import { type Effects, pushed, pushing } from './effect.js';

const PEER = '10.0.9.9';

/** Sends to a peer that takes nothing, until the module says that it waits no more. */
const sendTimes = (console: Console) => {
  const far = connected(console, 1);
  far.pause();
  console.at('+CIPSENDMODE=1');
  console.outside.host(PEER).vanish();
  console.at('+CIPSEND=1,2');
  return console.type('ab') + console.wait(10_000);
};
/** Sends to a peer that has vanished, and lets ten seconds pass. */
const unacknowledged = (console: Console) => {
  connected(console, 1);
  console.outside.host(PEER).vanish();
  console.at('+CIPSEND=1,2');
  console.type('ab');
  return console.wait(10_000);
};
const linked = (options: ConsoleOptions) => {
  const console = openOnline(options);
  connected(console, 1);
  console.printed();
  return console;
};
const serving = (options: ConsoleOptions) => {
  const console = openOnline(options);
  console.at('+SERVERSTART=80,0');
  return console;
};

/** Sockets, their settings, and names. */
export const socketEffects: Effects = {
  '+CSOCKSETPN': [{ set: '+CSOCKSETPN=1,6', seen: (console) => console.at('+NETOPEN') }],
  '+NETCLOSE': [
    {
      set: '+NETCLOSE=1',
      options: { profile: { ...a76xx, takesContextNumber: true } },
      begin: (options) => {
        const console = open(options);
        console.at('+NETOPEN=1');
        return console;
      },
      seen: ({ module }) => module.control.networkOpen,
    },
  ],
  '+CIPOPEN': [
    {
      set: `+CIPOPEN=2,"UDP",,,5000`,
      begin: openOnline,
      seen: ({ module }) => module.control.openLinks,
    },
  ],
  '+CIPCLOSE': [{ set: '+CIPCLOSE=1', begin: linked, seen: ({ module }) => module.control.openLinks }],
  '+CIPSEND': [
    {
      set: (console) => {
        console.at('+CIPSEND=1,2');
        console.type('ab');
      },
      begin: linked,
      seen: ({ module }) => module.control.state.links[1]?.sent,
    },
  ],
  '+CIPSENDSTR': [
    { set: '+CIPSENDSTR=1,6162', begin: linked, seen: ({ module }) => module.control.state.links[1]?.sent },
  ],
  '+CIPACK': [{ asks: ['+CIPACK=1', '+CIPACK=2'], begin: linked }],
  '+SERVERSTART': [
    { set: '+SERVERSTART=80,0', begin: openOnline, seen: ({ module }) => module.control.openServers },
  ],
  '+SERVERSTOP': [{ set: '+SERVERSTOP=0', begin: serving, seen: ({ module }) => module.control.openServers }],
  '+CIPRXGET': [{ set: '+CIPRXGET=0', begin: openOnline, seen: pushed }],
  '+CIPHEAD': [{ set: '+CIPHEAD=0', begin: pushing, seen: pushed }],
  '+CIPSRIP': [{ set: '+CIPSRIP=0', begin: pushing, seen: pushed }],
  '+CIPMODE': [
    {
      set: '+CIPMODE=1',
      seen: (console) => {
        console.at('+NETOPEN');
        console.outside.serve(PEER, 1).subscribe(() => {});
        return console.at(`+CIPOPEN=0,"TCP","${PEER}",1`);
      },
    },
  ],
  '+CIPSENDMODE': [
    {
      set: '+CIPSENDMODE=1',
      begin: openOnline,
      seen: (console) => {
        connected(console, 1);
        console.outside.host(PEER).vanish();
        console.at('+CIPSEND=1,2');
        return console.type('ab');
      },
    },
  ],
  '+CIPTIMEOUT': [
    {
      set: '+CIPTIMEOUT=3000',
      options: { timing: { ...instant, netOpen: 5_000 } },
      seen: (console) => console.at('+NETOPEN') + console.wait(10_000),
    },
    {
      set: '+CIPTIMEOUT=,3000',
      begin: openOnline,
      seen: (console) => {
        console.outside.host(PEER).conditions.closedPorts = 'drop';
        return console.at(`+CIPOPEN=1,"TCP","${PEER}",1`) + console.wait(5_000);
      },
    },
    { set: '+CIPTIMEOUT=,,3000', begin: openOnline, seen: sendTimes },
  ],
  '+CTCPKA': [
    {
      set: '+CTCPKA=1,1,1,1',
      begin: openOnline,
      seen: (console) => {
        connected(console, 1);
        console.outside.host(PEER).vanish();
        return console.wait(600_000);
      },
    },
  ],
  '+CSOC': [
    {
      set: '+CSOC="RecvWin",1000',
      begin: openOnline,
      seen: (console) => {
        say(connected(console, 1), 'x'.repeat(5_000));
        return console.module.control.state.links[1]?.unread;
      },
    },
    {
      set: '+CSOC="DnsTmr",1',
      begin: openOnline,
      seen: (console) => {
        console.module.control.stallBearer();
        return console.at('+CDNSGIP="example.com"') + console.wait(2_000);
      },
    },
    {
      set: '+CSOC="Tcp srxt",1',
      begin: openOnline,
      seen: (console) => {
        console.outside.host(PEER).conditions.closedPorts = 'drop';
        console.at(`+CIPOPEN=1,"TCP","${PEER}",1`);
        return console.wait(2_000);
      },
    },
    { set: '+CSOC="Tcp rxt",1', begin: openOnline, seen: unacknowledged },
  ],
  '+CIPCFG': [
    {
      set: '+CIPCFG="transwaittm",500',
      seen: (console) => {
        let count = 0;
        console.at('+CIPMODE=1');
        console.at('+NETOPEN');
        console.outside.serve(PEER, 1).subscribe((far) =>
          far.received$.subscribe(({ length }) => {
            count += length;
          }),
        );
        console.at(`+CIPOPEN=0,"TCP","${PEER}",1`);
        console.type('x');
        console.wait(200);
        return count;
      },
    },
    {
      set: '+CIPCFG="DATAECHO",OFF',
      begin: (options) => openOnline({ ...options, echo: true }),
      seen: (console) => {
        connected(console, 1);
        console.at('+CIPSEND=1,2');
        return console.type('ab');
      },
    },
  ],
  '+CIPCCFG': [
    { set: '+CIPCCFG=2,0,0,1,0,0,500', begin: openOnline, seen: unacknowledged },
    {
      set: '+CIPCCFG=10,400,0,1,0,0,500',
      begin: pushing,
      seen: (console) => {
        const far = connected(console, 1);
        console.printed();
        say(far, 'data');
        return console.printed();
      },
    },
    { set: '+CIPCCFG=10,0,0,0,0,0,500', seen: (console) => console.at('+CIPCLOSE=99') },
    { set: '+CIPCCFG=10,0,0,1,1,0,500', begin: pushing, seen: pushed },
    {
      set: '+CIPCCFG=10,0,0,1,0,0,10000',
      begin: openOnline,
      seen: (console) => unacknowledged(console) + console.wait(30_000),
    },
    {
      set: '+CIPCCFG=10,0,0,1,0,0,500,1',
      seen: (console) => {
        console.at('+CIPRXGET=1');
        console.at('+NETOPEN');
        const peer = bound(console, 2, `"${PEER}",5254,5000`);
        peer.say('one');
        peer.say('two');
        return console.at('+CIPRXGET=2,2,100');
      },
    },
  ],
  '+CDNSGIP': [
    {
      asks: ['+CDNSGIP="here.test"', '+CDNSGIP="there.test"'],
      begin: (options) => {
        const console = openOnline(options);
        console.outside.internet.name('here.test', PEER);
        return console;
      },
    },
  ],
  '+CDNSCFG': [
    {
      set: `+CDNSCFG="${PEER}","${PEER}"`,
      begin: (options) => {
        const console = openOnline(options);
        console.outside.internet.name('here.test', '10.0.0.1');
        console.outside.host(PEER).vanish();
        return console;
      },
      seen: (console) => console.at('+CDNSGIP="here.test"'),
    },
  ],
  '+CPING': [
    {
      asks: [`+CPING="${PEER}",1,1`, `+CPING="${PEER}",1,2`],
      begin: (options) => {
        const console = openOnline(options);
        console.outside.host(PEER);
        return console;
      },
    },
  ],
  '+CNTP': [
    {
      set: `+CNTP="${PEER}",0`,
      seen: (console) => console.at('+CNTP') + console.wait(20_000),
    },
  ],
};

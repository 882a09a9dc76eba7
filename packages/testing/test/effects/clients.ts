import { NEVER } from 'rxjs';
import { type Console, type ConsoleOptions, observe } from '../console.js';
import type { Effects } from './effect.js';
import { after, entered, serverHears } from './secure.js';

const SERVER = '10.0.9.9';
const URL = `+HTTPPARA="URL","http://${SERVER}/"`;
const RESPONSE = 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabcdef';

/** What is printed for a command that connects to a server. */
const answersOf = (console: Console, port: number, command: string) => {
  observe(console.outside.serve(SERVER, port));
  return console.at(command) + console.wait(1_000);
};

/** What an HTTP server hears of a request. */
const requested =
  (method = 0) =>
  (console: Console) =>
    serverHears(console, 80, RESPONSE, () => console.at(`+HTTPACTION=${method}`));
const session = after('+HTTPINIT', URL);
const answered = (options: ConsoleOptions) => {
  const console = session(options);
  requested()(console);
  console.printed();
  return console;
};

const CONNECTED = '\u0020\u0002\u0000\u0000';
const CLIENT = ['+CMQTTSTART', '+CMQTTACCQ=0,"me"'] as const;
const CONNECT = `+CMQTTCONNECT=0,"tcp://${SERVER}",60,1`;
/** What a broker hears of a connection and of more commands. */
const brokerHears =
  (...commands: (string | readonly [string, string])[]) =>
  (console: Console) =>
    serverHears(console, 1883, CONNECTED, () => {
      console.at(CONNECT);
      for (const command of commands) {
        if (typeof command === 'string') console.at(command);
        else entered(...command)(console);
      }
    });
const TOPIC = ['+CMQTTTOPIC=0,1', 't'] as const;
const PAYLOAD = ['+CMQTTPAYLOAD=0,1', 'p'] as const;
const WILL = [
  ['+CMQTTWILLTOPIC=0,1', 'w'],
  ['+CMQTTWILLMSG=0,1,0', 'm'],
] as const;
/** With a connection whose broker goes on answering nothing. */
const connectedClient = (options: ConsoleOptions) => {
  const console = after(...CLIENT)(options);
  serverHears(console, 1883, CONNECTED, () => console.at(CONNECT));
  console.printed();
  return console;
};
const disconnected = (console: Console) => console.at('+CMQTTDISC?');
/** What a broker hears of a connection, and of one more command with its payload. */
const heard =
  (...before: (string | readonly [string, string])[]) =>
  (console: Console, command: string) =>
    brokerHears(...before, command)(console);

/** The module's own HTTP and MQTT clients. */
export const clientEffects: Effects = {
  '+HTTPPARA': [
    ...[
      '"URL","http://10.0.9.9/other"',
      '"ACCEPT","text/html"',
      '"USERDATA","X-Own: 1"',
      '"BREAK",2',
      '"BREAKEND",5',
    ].map((parameter) => ({ set: `+HTTPPARA=${parameter}`, begin: session, seen: requested() })),
    { set: '+HTTPPARA="CONTENT","text/html"', begin: session, seen: requested(1) },
    {
      set: '+HTTPPARA="CONNECTTO",20',
      begin: session,
      seen: (console) => {
        console.outside.host(SERVER).conditions.closedPorts = 'drop';
        console.at('+HTTPACTION=0');
        return console.wait(25_000);
      },
    },
    {
      set: '+HTTPPARA="RECVTO",2',
      begin: session,
      seen: (console) => {
        serverHears(console, 80, '', () => console.at('+HTTPACTION=0'));
        return console.wait(5_000);
      },
    },
    {
      set: '+HTTPPARA="RESPTO",2',
      begin: session,
      seen: (console) => {
        serverHears(console, 80, '', () => console.at('+HTTPACTION=0'));
        return console.wait(5_000);
      },
    },
    {
      set: '+HTTPPARA="READMODE",1',
      begin: answered,
      seen: (console) => console.at('+HTTPREAD=2') + console.at('+HTTPREAD=2'),
    },
    {
      set: '+HTTPPARA="SSLCFG",5',
      options: { secure: () => NEVER },
      begin: after('+HTTPINIT', `+HTTPPARA="URL","https://${SERVER}/"`, '+CSSLCFG="authmode",5,1'),
      seen: (console) => answersOf(console, 443, '+HTTPACTION=0'),
    },
  ],
  '+HTTPACTION': [{ set: requested(0), begin: session, seen: (console) => console.at('+HTTPREAD?') }],
  '+HTTPPOSTFILE': [
    {
      asks: ['+HTTPPOSTFILE="body"', '+HTTPPOSTFILE="body",1,1,1'],
      begin: after('+HTTPINIT', URL, ['+CFTRANRX="C:/body",4', 'text']),
      through: (console, command) => serverHears(console, 80, RESPONSE, () => console.at(command)),
    },
  ],
  '+HTTPREAD': [{ asks: ['+HTTPREAD=0,2', '+HTTPREAD=2,2'], begin: answered }],
  '+HTTPDATA': [{ set: entered('+HTTPDATA=4,10', 'body'), begin: session, seen: requested(1) }],

  '+CMQTTACCQ': [{ set: '+CMQTTACCQ=0,"you"', begin: after('+CMQTTSTART'), seen: brokerHears() }],
  '+CMQTTREL': [{ set: '+CMQTTREL=0', begin: after(...CLIENT), seen: brokerHears() }],
  '+CMQTTSSLCFG': [
    {
      // The certificate that the context names is not there.
      set: '+CMQTTSSLCFG=0,5',
      options: { secure: () => NEVER },
      begin: after('+CSSLCFG="authmode",5,1', '+CMQTTSTART', '+CMQTTACCQ=0,"me",1'),
      seen: (console) => answersOf(console, 1883, CONNECT),
    },
  ],
  '+CMQTTCFG': [
    { set: '+CMQTTCFG="version",0,3', begin: after(...CLIENT), seen: brokerHears() },
    {
      set: '+CMQTTCFG="checkUTF8",0,0',
      begin: after(...CLIENT),
      seen: (console) => {
        console.at('+CMQTTTOPIC=0,1');
        return console.type('\u00ff');
      },
    },
    {
      set: '+CMQTTCFG="optimeout",0,20',
      begin: after(...CLIENT),
      seen: (console) => {
        brokerHears(['+CMQTTSUB=0,1,0', 's'])(console);
        return console.wait(30_000);
      },
    },
    {
      set: '+CMQTTCFG="argtopic",0,1,1',
      begin: after(...CLIENT),
      seen: brokerHears(['+CMQTTPUB=0,"t",0,1', 'p']),
    },
    {
      set: '+CMQTTCFG="argtopic",0,0,1',
      begin: after(...CLIENT),
      seen: brokerHears('+CMQTTSUB=0,"t",0'),
    },
  ],
  '+CMQTTWILLTOPIC': [{ set: entered(...WILL[0]), begin: after(...CLIENT, WILL[1]), seen: brokerHears() }],
  '+CMQTTWILLMSG': [{ set: entered(...WILL[1]), begin: after(...CLIENT, WILL[0]), seen: brokerHears() }],
  '+CMQTTCONNECT': ['60,0', '90,1', '60,1,"user"', '60,1,"user","secret"'].map((values) => ({
    asks: [CONNECT, `+CMQTTCONNECT=0,"tcp://${SERVER}",${values}`] as const,
    begin: after(...CLIENT),
    through: (console: Console, command: string) =>
      serverHears(console, 1883, CONNECTED, () => console.at(command)),
  })),
  '+CMQTTPUB': ['1,60', '0,60,1', '0,60,0,1'].map((values) => ({
    asks: ['+CMQTTPUB=0,0,60', `+CMQTTPUB=0,${values}`] as const,
    begin: after(...CLIENT),
    through: heard(TOPIC, PAYLOAD),
  })),
  '+CMQTTSUB': [
    {
      asks: ['+CMQTTSUB=0,1,0', '+CMQTTSUB=0,1,1'],
      begin: after(...CLIENT),
      through: (console, command) => brokerHears([command, 's'])(console),
    },
  ],
  '+CMQTTUNSUB': [
    {
      asks: ['+CMQTTUNSUB=0,1,0', '+CMQTTUNSUB=0,2,0'],
      begin: after(...CLIENT),
      through: (console, command) => brokerHears([command, 'ss'])(console),
    },
  ],
  '+CMQTTDISC': [{ set: '+CMQTTDISC=0,10', begin: connectedClient, seen: disconnected }],
  '+CMQTTTOPIC': [
    {
      set: entered('+CMQTTTOPIC=0,1', 'x'),
      begin: after(...CLIENT),
      seen: brokerHears(PAYLOAD, '+CMQTTPUB=0,0,60'),
    },
  ],
  '+CMQTTPAYLOAD': [
    {
      set: entered('+CMQTTPAYLOAD=0,1', 'x'),
      begin: after(...CLIENT),
      seen: brokerHears(TOPIC, '+CMQTTPUB=0,0,60'),
    },
  ],
  '+CMQTTSUBTOPIC': [
    {
      set: entered('+CMQTTSUBTOPIC=0,1,1', 's'),
      begin: connectedClient,
      seen: (console) => console.at('+CMQTTSUB=0'),
    },
  ],
  '+CMQTTUNSUBTOPIC': [
    {
      set: entered('+CMQTTUNSUBTOPIC=0,1', 's'),
      begin: connectedClient,
      seen: (console) => console.at('+CMQTTUNSUB=0'),
    },
  ],
};

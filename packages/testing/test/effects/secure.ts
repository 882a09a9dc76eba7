import { NEVER, of } from 'rxjs';
import type { TlsOptions } from '../../src/networks/tls.js';
import { type Console, type ConsoleOptions, observe, open, say, textOf } from '../console.js';
import type { Effects } from './effect.js';

const SERVER = '10.0.9.9';

/** Commands before the one that is tried; a command with a payload is a pair. */
export const after =
  (...commands: (string | readonly [command: string, payload: string])[]) =>
  (options: ConsoleOptions) => {
    const console = open(options);
    for (const command of commands) {
      if (typeof command === 'string') console.at(command);
      else {
        console.at(command[0]);
        console.type(command[1]);
      }
    }
    console.printed();
    return console;
  };

/** Types a command and the payload that it asks for. */
export const entered = (command: string, payload: string) => (console: Console) => {
  console.at(command);
  console.type(payload);
};

/** What a server hears that answers the first bytes with `answer`. */
export function serverHears(console: Console, port: number, answer: string, run: () => void): string {
  let text = '';
  const serving = console.outside.serve(SERVER, port).subscribe((far) => {
    far.received$.subscribe((bytes) => {
      if (text === '' && answer !== '') say(far, answer);
      text += textOf(bytes);
    });
  });
  run();
  serving.unsubscribe();
  return text;
}

/** A network that notes how connections are to be secured, and secures nothing. */
function noting() {
  const seen: TlsOptions[] = [];
  const options: ConsoleOptions = {
    secure: (connection, tls) => {
      seen.push(tls);
      return of(connection);
    },
  };
  return { seen, options };
}

const note = noting();
/** How the module secures a session of `AT+CCHOPEN`. */
const secured = (console: Console) => {
  note.seen.length = 0;
  observe(console.outside.serve(SERVER, 443));
  console.at('+CCHSTART');
  const result = console.at(`+CCHOPEN=0,"${SERVER}",443,2`);
  return [result, JSON.stringify(note.seen)];
};
const CERTIFICATE = ['+CCERTDOWN="a.pem",3', 'PEM'] as const;
const OTHER = ['+CCERTDOWN="b.pem",3', 'KEY'] as const;
const open443 = (options: ConsoleOptions) => {
  const console = open(options);
  observe(console.outside.serve(SERVER, 443));
  console.at('+CCHSTART');
  console.at(`+CCHOPEN=0,"${SERVER}",443,1`);
  console.printed();
  return console;
};
/** The other end of the session says something. */
const told = (console: Console) => {
  const accepted = observe(console.outside.serve(SERVER, 443));
  console.at('+CCHSTART');
  console.at(`+CCHOPEN=0,"${SERVER}",443,1`);
  const [far] = accepted.values;
  console.printed();
  if (far === undefined) return '';
  observe(far.received$);
  say(far, 'data');
  return console.printed();
};

/** The module's files, certificates, and TLS. */
export const secureEffects: Effects = {
  '+CSSLCFG': [
    ...(
      [
        ['"sslversion",0,3'],
        ['"authmode",0,1', '+CSSLCFG="cacert",0,"a.pem"'],
        ['"ignorelocaltime",0,0'],
        ['"cacert",0,"a.pem"', '+CSSLCFG="authmode",0,1'],
        ['"clientcert",0,"a.pem"', '+CSSLCFG="authmode",0,3', '+CSSLCFG="clientkey",0,"b.pem"'],
        ['"clientkey",0,"a.pem"', '+CSSLCFG="authmode",0,3', '+CSSLCFG="clientcert",0,"b.pem"'],
        ['"password",0,"a.pem"'],
        ['"enableSNI",0,1'],
      ] as const
    ).map(([parameter, ...before]) => ({
      set: `+CSSLCFG=${parameter}`,
      options: note.options,
      begin: after(CERTIFICATE, OTHER, ...before),
      seen: secured,
    })),
    {
      set: '+CSSLCFG="negotiatetime",0,10',
      options: { secure: () => NEVER },
      seen: (console) => {
        secured(console);
        return console.wait(20_000);
      },
    },
  ],
  '+CCERTDOWN': [
    { set: entered('+CCERTDOWN="c.pem",3', 'PEM'), seen: (console) => console.at('+CCERTLIST') },
  ],
  '+CCERTDELE': [
    { set: '+CCERTDELE="a.pem"', begin: after(CERTIFICATE), seen: (console) => console.at('+CCERTLIST') },
  ],
  '+CCHSET': [
    { set: '+CCHSET=0,1', seen: told },
    {
      set: '+CCHSET=1',
      seen: (console) => {
        told(console);
        console.at('+CCHSEND=0,2');
        return console.type('ab');
      },
    },
  ],
  '+CCHCFG': [
    {
      set: '+CCHCFG="sslctx",0,5',
      options: note.options,
      begin: after('+CSSLCFG="enableSNI",5,1', '+CCHSTART'),
      seen: secured,
    },
    {
      set: '+CCHCFG="sendtimeout",0,60',
      begin: after('+CCHSET=1'),
      seen: (console) => {
        const accepted = observe(console.outside.serve(SERVER, 443));
        console.at('+CCHSTART');
        console.at(`+CCHOPEN=0,"${SERVER}",443,1`);
        accepted.values[0]?.pause();
        console.at('+CCHSEND=0,2');
        return console.type('ab') + console.wait(100_000);
      },
    },
  ],
  '+CCHSSLCFG': [
    {
      set: '+CCHSSLCFG=0,5',
      options: note.options,
      begin: after('+CSSLCFG="enableSNI",5,1', '+CCHSTART'),
      seen: secured,
    },
  ],
  '+CCHOPEN': [
    {
      set: `+CCHOPEN=0,"${SERVER}",443,1`,
      begin: (options) => {
        const console = after('+CCHSTART')(options);
        observe(console.outside.serve(SERVER, 443));
        return console;
      },
      seen: (console) => console.at('+CCHCLOSE=0'),
    },
  ],
  '+CCHCLOSE': [{ set: '+CCHCLOSE=0', begin: open443, seen: (console) => console.at('+CCHSEND=0,1') }],
  '+CCHSEND': [
    {
      set: (console) => console.at('+CCHSEND=0,2'),
      begin: open443,
      seen: (console) => console.type('ab'),
    },
  ],
  '+CCHRECV': [
    {
      asks: ['+CCHRECV=0,2', '+CCHRECV=0,3'],
      begin: (options) => {
        const console = after('+CCHSET=0,1')(options);
        told(console);
        return console;
      },
    },
  ],
  '+FSCD': [
    {
      set: '+FSCD="logs"',
      begin: after('+FSMKDIR="logs"'),
      seen: (console) => console.at('+FSLS?'),
    },
  ],
  '+FSMKDIR': [{ set: '+FSMKDIR="logs"', seen: (console) => console.at('+FSLS') }],
  '+FSRMDIR': [
    { set: '+FSRMDIR="logs"', begin: after('+FSMKDIR="logs"'), seen: (console) => console.at('+FSLS') },
  ],
  '+FSLS': [{ asks: ['+FSLS=1', '+FSLS=2'], begin: after('+FSMKDIR="logs"') }],
  '+FSDEL': [
    {
      set: '+FSDEL="a.txt"',
      begin: after(['+CFTRANRX="C:/a.txt",2', 'ab']),
      seen: (console) => console.at('+FSLS'),
    },
  ],
  '+FSATTRI': [
    { asks: ['+FSATTRI="a.txt"', '+FSATTRI="b.txt"'], begin: after(['+CFTRANRX="C:/a.txt",2', 'ab']) },
  ],
  '+CFTRANRX': [{ set: entered('+CFTRANRX="C:/a.txt",2', 'ab'), seen: (console) => console.at('+FSLS') }],
  '+CFTRANTX': [
    {
      asks: ['+CFTRANTX="C:/a.txt",0,1', '+CFTRANTX="C:/a.txt",1,1'],
      begin: after(['+CFTRANRX="C:/a.txt",2', 'ab']),
    },
  ],
};

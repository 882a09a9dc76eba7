import assert from 'node:assert/strict';
import { pump } from '@a7600/transport';
import fc from 'fast-check';
import { catchError, EMPTY, mergeMap, switchMap, tap } from 'rxjs';
import type { Modem } from '../../src/modem/modem.js';
import { keepOnline } from '../../src/recovery/keep-online.js';
import { observe, textOf, type World, world, write } from '../world.js';
import { unhandledErrorsAtOnce } from './unhandled.js';

const SERVER_PORT = 7;
/** Time in ms in which a module that was left in any state serves, and in which it serves again. */
const TIME_TO_OPEN = 120_000;
const TIME_TO_MEND = 900_000;
const ANN = '+491700001';

/** What an earlier program typed last, a chunk each 2 s. */
const LEFT_OVER = {
  'a text': ['AT+CMGF=1\r', `AT+CMGS="${ANN}"\r`],
  'half a text': ['AT+CMGF=1\r', `AT+CMGS="${ANN}"\r`, 'half a te'],
  'a PDU': ['AT+CMGF=0\r', 'AT+CMGS=20\r'],
  'a file': ['AT+CCERTDOWN="k.pem",3000\r', '-----BEGIN'],
  'a topic': ['AT+CMQTTSTART\r', 'AT+CMQTTACCQ=0,"x"\r', 'AT+CMQTTTOPIC=0,9\r', 'abc'],
  'a payload': ['AT+NETOPEN\r', 'AT+CIPOPEN=3,"TCP","10.3.0.1",80\r', 'AT+CIPSEND=3,1500\r', 'abc'],
  'results as digits': ['ATV0\r'],
  'no results': ['ATQ1\r'],
  'an echo': ['ATE1\r'],
  'line feeds': ['ATS3=10\r'],
  'half a line': ['AT+CSQ;+CG'],
  'data mode': ['AT+CIPMODE=1\r', 'AT+NETOPEN\r', 'AT+CIPOPEN=0,"TCP","10.3.0.1",80\r'],
  sleep: ['AT+CSCLK=2\r'],
  'the radio off': ['AT+CFUN=4\r'],
  'the factory settings': ['AT&F\r'],
} as const;
type LeftOver = keyof typeof LEFT_OVER;

/** What a user sends. */
const LINES = [
  ...[
    'ATE1',
    'ATV0',
    'ATQ1',
    'AT&F',
    'ATZ',
    'ATS3=10',
    'AT+IPR=9600',
    'AT+CMUX=0',
    'ATO',
    'ATD*99#',
    'ATD+4917;',
    'ATA',
    'ATH',
  ],
  ...[
    'AT+CIPSEND=9,40',
    'AT+CIPSEND=0',
    `AT+CMGF=1;+CMGS="${ANN}"`,
    'AT+HTTPDATA=20,30',
    'AT+CMEE=0',
    'AT+CSCLK=2',
  ],
  ...[
    'AT+CIPMODE=1',
    'AT+CIPRXGET=0',
    'AT+CIPHEAD=0',
    'AT+CIPSRIP=0',
    'AT+CIPCCFG=3,0,0,0,0,0,900',
    'AT+CATR=2',
  ],
  ...[
    'AT+NETCLOSE',
    'AT+CIPCLOSE=0',
    'AT+SERVERSTOP=0',
    'AT+CIPOPEN=0,"TCP","10.3.0.1",80',
    'AT+SERVERSTART=8,1',
  ],
  ...[
    'AT+CFUN=0',
    'AT+CFUN=4',
    'AT+CFUN=1,1',
    'AT+CRESET',
    'AT+CPOF',
    'AT+CGATT=0',
    'AT+CREG=0;+CEREG=0',
    'AT+XASK=1',
  ],
  ...[
    'AT+CIPRXGET=2,0,100',
    'AT+CSQ',
    'AT+XNONE',
    'AT+CIPTIMEOUT=3000,3000,3000',
    'AT+CNMI=2,1',
    'AT+CGDCONT=1,"IP","x"',
  ],
];

/** What was typed on the port before a modem is opened, and what its user sends then. */
export interface UserScript {
  readonly before: readonly LeftOver[];
  readonly receive: 'buffer' | 'push';
  readonly lines: readonly { readonly line: string; readonly pause: number }[];
}

export function userScript(): fc.Arbitrary<UserScript> {
  return fc.record({
    before: fc.array(fc.constantFrom(...(Object.keys(LEFT_OVER) as LeftOver[])), { maxLength: 2 }),
    receive: fc.constantFrom('buffer', 'push'),
    lines: fc.array(
      fc.record({
        line: fc.constantFrom(...LINES),
        pause: fc.oneof(fc.nat(50), fc.nat(20_000), fc.nat(200_000)),
      }),
      { maxLength: 5 },
    ),
  });
}

/**
 * Plays a script. Whatever an earlier program has left, the modem opens; whatever the user sends, a server under
 * `keepOnline` serves again in time; no caller gets what it did not send, and no message is sent.
 */
export function playUser(script: UserScript): void {
  unhandledErrorsAtOnce(() => play(script));
}

function play({ before, receive, lines }: UserScript): void {
  const w = world({
    whenClosed: 'goes on',
    behaviours: [
      { command: '+XASK', write: () => ({ prompt: 'until-sub', take: () => ({ units: [], result: 'OK' }) }) },
    ],
  });
  w.outside.serve('10.3.0.1', 80).subscribe((far) => far.received$.subscribe({ error: () => {} }));
  const messages = observe(w.module.control.phone(ANN).messages$);
  leave(w, before);
  let current: Modem | undefined;
  const life = observe(
    keepOnline(w.module, {
      modem: { scheduler: w.scheduler, onMistake: undefined },
      network: { receive },
      power: () => {
        w.module.control.powerOff();
        w.module.control.powerOn();
        return [];
      },
    }).pipe(
      tap(({ modem }) => {
        current = modem;
      }),
      switchMap((network) => network.listen({ port: SERVER_PORT })),
      mergeMap((client) => pump(client, client).pipe(catchError(() => EMPTY))),
    ),
  );
  w.advance(TIME_TO_OPEN);
  assert.ok(current !== undefined, 'the modem does not open');
  const first = call(w, 'first');
  w.advance(5_000);
  assert.equal(first(), 'first', 'the server does not answer');
  for (const { line, pause } of lines) {
    observe(current.raw(line));
    w.advance(pause);
  }
  w.advance(TIME_TO_MEND);
  const last = call(w, 'last');
  w.advance(5_000);
  assert.deepEqual([life.end, last(), messages.values], ['open', 'last', []], 'it does not serve again');
  life.unsubscribe();
}

function leave(w: World, before: UserScript['before']): void {
  const port = observe(w.module);
  w.advance(15_000);
  for (const chunk of before.flatMap((kind) => LEFT_OVER[kind])) {
    write(port.last, chunk);
    w.advance(2_000);
  }
  port.unsubscribe();
  w.advance(1_000);
}

/** Calls in and says something; returns what comes back. */
function call(w: World, text: string): () => string {
  let received = () => '';
  w.outside.callIn(SERVER_PORT).subscribe({
    next: (link) => {
      const { values } = observe(link.received$);
      received = () => textOf(values);
      write(link, text);
      w.scheduler.schedule(() => link.close().subscribe({ error: () => {} }), 4_000);
    },
    error: () => {},
  });
  return () => received();
}

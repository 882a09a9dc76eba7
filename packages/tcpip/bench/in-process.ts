import { a7600, at, createDecoder } from '@a7600/at-codec';
import { linkPair } from '@a7600/transport';
import { firstValueFrom } from 'rxjs';
import { median, paired, type Row } from '../../../tools/bench.js';
import { modemOver } from './opened.js';
import { respond } from './responder.js';

const ROUNDS = 15;
const COMMANDS = 20_000;
const TIMEOUT = 9_000;

/** Sends one command and waits for its result. */
type Send = () => Promise<unknown>;

/** What watches over a command by hand: called when it is sent; returns what is called with its end. */
type Watch = (onLate: () => void) => () => void;

/** A timer for each command: what is written first. */
const ownTimer: Watch = (onLate) => {
  const timer = setTimeout(onLate, TIMEOUT);
  return () => clearTimeout(timer);
};

/** One timer that begins again with each command, and is never cleared: the least that there can be. */
function sharedTimer(): Watch {
  let late = () => {};
  const timer = setTimeout(() => late(), TIMEOUT);
  return (onLate) => {
    late = onLate;
    timer.refresh();
    return () => {
      late = () => {};
    };
  };
}

/** A promise and a timer over the decoder: the function that is written when there is no SDK. */
function byHand(watch: Watch): Send {
  const [link, module] = linkPair();
  respond(module);
  let settle = (_ok: boolean) => {};
  const decoder = createDecoder(a7600, (event) => {
    if (event.kind === 'result') settle(event.result?.ok === true);
  });
  link.received$.subscribe((bytes) => decoder.push(bytes));
  const encoder = new TextEncoder();
  const send = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const settled = watch(() => reject(new Error('No answer.')));
      settle = (ok) => {
        settled();
        if (ok) resolve();
        else reject(new Error('Refused.'));
      };
      link.write(encoder.encode(`${text}\r`)).subscribe();
    });
  return () => send('AT');
}

async function withSdk(): Promise<Send> {
  const [link, module] = linkPair();
  respond(module);
  const opened = await modemOver(link);
  return () => firstValueFrom(opened.run(at()), { defaultValue: undefined });
}

/** Microseconds of processor time for each command. */
async function cost(send: Send): Promise<number> {
  const start = process.cpuUsage();
  for (let count = 0; count < COMMANDS; count++) await send();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / COMMANDS;
}

export async function inProcess(): Promise<Row[]> {
  const sides = { bare: byHand(sharedTimer()), hand: byHand(ownTimer), sdk: await withSdk() };
  const costs: Record<keyof typeof sides, number>[] = [];
  for (let round = -2; round < ROUNDS; round++) {
    const measured = {
      bare: await cost(sides.bare),
      hand: await cost(sides.hand),
      sdk: await cost(sides.sdk),
    };
    if (round >= 0) costs.push(measured);
  }
  const of = (side: keyof typeof sides) => median(costs.map((measured) => measured[side]));
  return [
    {
      name: 'in process, a promise and a timer for all: processor time',
      value: of('bare'),
      unit: 'µs a command',
    },
    {
      name: 'in process, a promise and a timer for each: processor time',
      value: of('hand'),
      unit: 'µs a command',
    },
    { name: 'in process, the SDK: processor time', value: of('sdk'), unit: 'µs a command' },
    { name: 'in process, the SDK: commands', value: 1e6 / of('sdk'), unit: 'a second of one core' },
    {
      name: 'in process, the SDK against a timer for all: processor time',
      ...paired(costs.map(({ sdk, bare }) => sdk / bare)),
      unit: 'times',
    },
    {
      name: 'in process, the SDK against a timer for each: processor time',
      ...paired(costs.map(({ sdk, hand }) => sdk / hand)),
      unit: 'times',
      goal: { max: 1.5 },
    },
  ];
}

import { a7600, at, createDecoder } from '@a7600/at-codec';
import { linkPair } from '@a7600/transport';
import { firstValueFrom } from 'rxjs';
import { median, type Row } from '../../../tools/bench.js';
import { modemOver } from './opened.js';
import { respond } from './responder.js';

const ROUNDS = 15;
const COMMANDS = 20_000;
const TIMEOUT = 9_000;

/** Sends one command and waits for its result. */
type Send = () => Promise<unknown>;

/** A promise and a timer over the decoder: the function that is written when there is no SDK. */
function byHand(): Send {
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
      const timer = setTimeout(() => reject(new Error('No answer.')), TIMEOUT);
      settle = (ok) => {
        clearTimeout(timer);
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
  const [bare, sdk] = [byHand(), await withSdk()];
  const costs: { bare: number; sdk: number }[] = [];
  for (let round = -2; round < ROUNDS; round++) {
    const measured = { bare: await cost(bare), sdk: await cost(sdk) };
    if (round >= 0) costs.push(measured);
  }
  const of = (side: 'bare' | 'sdk') => median(costs.map((measured) => measured[side]));
  return [
    { name: 'in process, by hand: processor time', value: of('bare'), unit: 'µs a command' },
    { name: 'in process, the SDK: processor time', value: of('sdk'), unit: 'µs a command' },
    { name: 'in process, the SDK: commands', value: 1e6 / of('sdk'), unit: 'a second of one core' },
    {
      name: 'in process, the SDK against by hand: processor time',
      value: median(costs.map(({ sdk, bare }) => sdk / bare)),
      unit: 'times',
      goal: { max: 1.5 },
    },
  ];
}

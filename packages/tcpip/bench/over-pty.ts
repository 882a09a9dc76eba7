import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { at } from '@a7600/at-codec';
import { modem } from '@a7600/tcpip';
import { open } from '@a7600/transport/async';
import { serial } from '@a7600/transport/serialport';
import { firstValueFrom, lastValueFrom } from 'rxjs';
import { SerialPort } from 'serialport';
import { median, paired, type Row } from '../../../tools/bench.js';
import { pour } from './load.js';
import { READ_LENGTH } from './module-script.js';
import { PROMPT } from './responder.js';

const ROUNDS = 9;
const ROUND_TRIPS = 400;
const READS = 1_500;
const SENDS = 1_500;
const baudRate = 115_200;

/** What is said by hand, and the length of what comes back. */
const READ = `AT+CIPRXGET=2,9,${READ_LENGTH}\r`;
const BLOCK_LENGTH =
  `\r\n+CIPRXGET: 2,9,${READ_LENGTH},${READ_LENGTH}\r\n\r\n\r\nOK\r\n`.length + READ_LENGTH;
const SEND = `AT+CIPSEND=9,${READ_LENGTH}\r`;
const SENT = `\r\nOK\r\n\r\n+CIPSEND: 9,${READ_LENGTH},${READ_LENGTH}\r\n`;

const far = { host: '10.3.0.1', port: 80 };

/** One round on one side. */
interface Measured {
  /** Median time in ms from a command to its result. */
  readonly roundTrip: number;
  /** Bytes of payload per second that were read, and that were sent. */
  readonly goodput: number;
  readonly sent: number;
}

interface Module {
  readonly path: string;
  stop(): void;
}

async function startModule(): Promise<Module> {
  const script = fileURLToPath(new URL('module-process.ts', import.meta.url));
  const child = fork(script, { execArgv: ['--conditions=@a7600/source', '--import', 'tsx'] });
  const [path] = (await once(child, 'message')) as [string];
  return { path, stop: () => child.disconnect() };
}

/** `serialport` as it comes: write, and count until the answer is complete. */
async function byHand({ path }: Module): Promise<Measured> {
  const port = new SerialPort({ path, baudRate, autoOpen: false });
  await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
  let missing = 0;
  let done = () => {};
  port.on('data', (bytes: Buffer) => {
    missing -= bytes.length;
    if (missing <= 0) done();
  });
  const ask = (command: string, length: number) =>
    new Promise<void>((resolve) => {
      missing = length;
      done = resolve;
      port.write(command);
    });
  const payload = 'x'.repeat(READ_LENGTH);
  const roundTrip = await medianTime(() => ask('AT\r', '\r\nOK\r\n'.length));
  const start = performance.now();
  for (let count = 0; count < READS; count++) await ask(READ, BLOCK_LENGTH);
  const goodput = (READS * READ_LENGTH * 1_000) / (performance.now() - start);
  const sendStart = performance.now();
  for (let count = 0; count < SENDS; count++) {
    await ask(SEND, PROMPT.length);
    await ask(payload, SENT.length);
  }
  const goodputOut = (SENDS * READ_LENGTH * 1_000) / (performance.now() - sendStart);
  await new Promise((resolve) => port.close(resolve));
  return { roundTrip, goodput, sent: goodputOut };
}

async function withSdk({ path }: Module): Promise<Measured> {
  const opened = await open(modem(serial({ path, baudRate })));
  const roundTrip = await medianTime(() => firstValueFrom(opened.run(at()), { defaultValue: undefined }));
  const network = await open(opened.network());
  const socket = await open(network.connect(far));
  const goodput = await new Promise<number>((resolve) => {
    let bytes = 0;
    let start = 0;
    socket.received$.subscribe({
      next({ length }) {
        if (bytes === 0) start = performance.now();
        bytes += length;
        if (bytes < READS * READ_LENGTH) return;
        socket.pause();
        resolve((bytes * 1_000) / (performance.now() - start));
      },
      // The end of the round.
      error: () => {},
    });
  });
  const goodputOut = await new Promise<number>((resolve) => {
    const start = performance.now();
    opened.traffic$.subscribe((traffic) => {
      if (traffic.sent < SENDS * READ_LENGTH) return;
      resolve((traffic.sent * 1_000) / (performance.now() - start));
    });
    pour(socket);
  });
  await lastValueFrom(opened.abort(), { defaultValue: undefined });
  return { roundTrip, goodput, sent: goodputOut };
}

async function medianTime(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let count = 0; count < ROUND_TRIPS; count++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return median(times);
}

export async function overPty(): Promise<Row[]> {
  const rounds: { readonly bare: Measured; readonly sdk: Measured }[] = [];
  for (let round = -1; round < ROUNDS; round++) {
    const module = await startModule();
    const measured = { bare: await byHand(module), sdk: await withSdk(module) };
    module.stop();
    if (round >= 0) rounds.push(measured);
  }
  const of = (side: 'bare' | 'sdk', what: keyof Measured) => median(rounds.map((round) => round[side][what]));
  /** Both sides, and the median of their ratios. */
  const compared = (
    what: keyof Measured,
    words: string,
    [scale, unit]: readonly [number, string],
    goal: Row['goal'],
  ): Row[] => [
    { name: `pty, serialport by hand: ${words}`, value: scale * of('bare', what), unit },
    { name: `pty, the SDK: ${words}`, value: scale * of('sdk', what), unit },
    {
      name: `pty, the SDK against by hand: ${words}`,
      ...paired(rounds.map(({ sdk, bare }) => sdk[what] / bare[what])),
      unit: 'times',
      goal,
    },
  ];
  return [
    ...compared('roundTrip', 'round trip', [1_000, 'µs'], { max: 1.25 }),
    ...compared('goodput', 'buffer reads', [1e-6, 'MB/s'], { min: 0.85 }),
    ...compared('sent', 'sends', [1e-6, 'MB/s'], { min: 0.85 }),
  ];
}

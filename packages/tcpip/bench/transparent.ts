// How fast a transparent session sends through a real pseudo-terminal that has no pace, beside `serialport` by hand.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { modem } from '@a7600/tcpip';
import { open } from '@a7600/transport/async';
import { serial } from '@a7600/transport/serialport';
import { lastValueFrom } from 'rxjs';
import { SerialPort } from 'serialport';
import { median, paired, type Row } from '../../../tools/bench.js';

const FAR = { host: '10.3.0.1', port: 80 };
/** The command that connects. */
export const CONNECT = `AT+CIPOPEN=0,"TCP","${FAR.host}",${FAR.port}\r`;
/** Bytes of a round. A pseudo-terminal is twice as fast in one round as in the next: many short ones tell more. */
export const TOTAL = 8_000_000;
const CHUNKS = [1_500, 4_096, 65_536] as const;
const ROUNDS = 51;
/** Bytes that are written and not accepted at the most: a few of the largest chunks. */
const OUTSTANDING = 262_144;
const baudRate = 115_200;

/** Writes a chunk, and calls back when it is accepted. */
type Write = (bytes: Uint8Array, accepted: () => void) => void;

/** Rows for each size of what is written at a time. */
export async function transparent(): Promise<Row[]> {
  const script = fileURLToPath(new URL('transparent-module.ts', import.meta.url));
  const module = fork(script, { execArgv: ['--conditions=@a7600/source', '--import', 'tsx'] });
  const [path] = (await once(module, 'message')) as [string];
  const measured = CHUNKS.map((chunk) => ({ chunk, rounds: [] as { bare: number; sdk: number }[] }));
  for (let round = -2; round < ROUNDS; round++) {
    for (const { chunk, rounds } of measured) {
      const speeds = { bare: await byHand(path, module, chunk), sdk: await withSdk(path, module, chunk) };
      if (round >= 0) rounds.push(speeds);
    }
  }
  const rows: Row[] = [];
  for (const { chunk, rounds } of measured) {
    const name = `pty, transparent, out, ${chunk.toLocaleString('en')} B`;
    rows.push(
      {
        name: `${name}: serialport by hand`,
        value: median(rounds.map(({ bare }) => bare)) / 1e6,
        unit: 'MB/s',
      },
      { name: `${name}: the SDK`, value: median(rounds.map(({ sdk }) => sdk)) / 1e6, unit: 'MB/s' },
      {
        name: `${name}: the SDK against by hand`,
        ...paired(rounds.map(({ sdk, bare }) => sdk / bare)),
        unit: 'times',
        goal: { min: 0.8 },
      },
    );
  }
  module.disconnect();
  return rows;
}

/** Bytes per second, until all of them are at the other end. */
async function byHand(path: string, module: ChildProcess, chunk: number): Promise<number> {
  const port = new SerialPort({ path, baudRate, autoOpen: false });
  await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
  await new Promise<void>((resolve) => {
    let heard = '';
    port.on('data', (bytes: Buffer) => {
      heard += bytes;
      if (heard.endsWith('CONNECT 115200\r\n')) resolve();
    });
    port.write(CONNECT);
  });
  const speed = await pour((bytes, accepted) => port.write(bytes, accepted), module, chunk);
  await new Promise((resolve) => port.close(resolve));
  return speed;
}

async function withSdk(path: string, module: ChildProcess, chunk: number): Promise<number> {
  const opened = await open(modem(serial({ path, baudRate })));
  const network = await open(opened.network({ transparent: true }));
  const session = await open(network.transparent(FAR));
  const speed = await pour(
    (bytes, accepted) => session.write(bytes).subscribe({ complete: accepted, error: () => {} }),
    module,
    chunk,
  );
  await lastValueFrom(opened.abort(), { defaultValue: undefined });
  return speed;
}

async function pour(write: Write, module: ChildProcess, chunk: number): Promise<number> {
  const bytes = new Uint8Array(chunk).fill(0x55);
  const came = once(module, 'message');
  const start = performance.now();
  let written = 0;
  let outstanding = 0;
  let filling = false;
  const fill = () => {
    if (filling) return;
    filling = true;
    while (written < TOTAL && outstanding < OUTSTANDING) {
      const part = bytes.subarray(0, TOTAL - written);
      written += part.length;
      outstanding += part.length;
      write(part, () => {
        outstanding -= part.length;
        fill();
      });
    }
    filling = false;
  };
  fill();
  await came;
  return (TOTAL * 1_000) / (performance.now() - start);
}

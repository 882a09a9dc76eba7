// How fast a transparent session sends through a real pseudo-terminal that has no pace, beside `serialport` by hand.
// Each side has a process of its own for each size: in one, who comes after the other, or after another size, is slower by a
// fifth.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { inTurns, median, paired, type Row } from '../../../tools/bench.js';
import { bundled } from '../../../tools/bundled.js';
import type { Order } from './transparent-sender.js';

const CHUNKS = [1_500, 4_096, 65_536] as const;
const ROUNDS = 61;

/** Rows for each size of what is written at a time. */
export async function transparent(): Promise<Row[]> {
  const module = fork(fileURLToPath(new URL('transparent-module.ts', import.meta.url)), {
    execArgv: ['--conditions=@a7600/source', '--import', 'tsx'],
  });
  const [path] = (await once(module, 'message')) as [string];
  const sender = await bundled('packages/tcpip/bench/transparent-sender.ts');
  const side = (name: string) =>
    fork(sender, [name], { execArgv: [] }).on('exit', (code) => {
      if (code !== 0) throw new Error(`The sender "${name}" has ended.`);
    });
  /** Bytes per second, until all of them are at the other end. */
  const speed = async (side: ChildProcess, chunk: number): Promise<number> => {
    const tell = (message: string) => side.send(message);
    module.on('message', tell);
    const order: Order = { path, chunk };
    side.send(order);
    const [measured] = (await once(side, 'message')) as [number];
    module.off('message', tell);
    return measured;
  };
  const measured = CHUNKS.map((chunk) => ({
    chunk,
    sides: { bare: side('bare'), sdk: side('sdk') },
    rounds: [] as { bare: number; sdk: number }[],
  }));
  for (const { chunk, sides, rounds } of measured) {
    for (let round = -1; round < ROUNDS; round++) {
      const of = (side: ChildProcess) => () => speed(side, chunk);
      const [bare, sdk] = await inTurns(round, of(sides.bare), of(sides.sdk));
      if (round >= 0) rounds.push({ bare, sdk });
    }
  }
  const senders = measured.flatMap(({ sides }) => [sides.bare, sides.sdk]);
  for (const child of [module, ...senders]) child.disconnect();
  return measured.flatMap(({ chunk, rounds }): Row[] => {
    const name = `pty, transparent, out, ${chunk.toLocaleString('en')} B`;
    return [
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
    ];
  });
}

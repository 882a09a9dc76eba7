import { linkPair } from '@a7600/transport';
import { record, replay } from '@a7600/transport/recording';
import { map } from 'rxjs';
import { describe, test } from 'vitest';
import { heardBy, over, setting } from '../../test/wiring.js';
import { linkCompliance } from './index.js';

/**
 * Parts that a replayed link cannot keep, and why.
 *
 * - The device speaks as soon as the host has sent what it had sent, and no recording says when a
 *   host paused or subscribed: bytes are there earlier than those who wait for them expect.
 * - The device takes what it is sent at once, as it had; nothing holds the host back.
 * - A recording does not say how the link ended: it stays open until the host closes it.
 */
const NOT_OF_A_RECORDING = [
  'delivers nothing while it is paused, and everything afterwards',
  'keeps what comes between two subscribers',
  'gives two subscribers the same',
  'a far end that does not read holds the writer back, and nothing is lost',
  'the far end closing ends the link after what it sent',
];

/** Recordings of what the suite did on a pair in memory, each to be replayed in its turn. */
const files: { text: string }[] = [];

const recorded = setting(
  () => {
    const [link, far] = linkPair();
    const file = { text: '' };
    files.push(file);
    const sink = (line: string) => {
      file.text += line;
    };
    return {
      transport: over(link).pipe(map((open) => record(open, sink, { redact: false }))),
      far: () => far,
    };
  },
  { capacity: 0 },
);

const replayed = setting(() => heardBy(replay(files.shift()?.text ?? '')));

const again = new Map(linkCompliance(replayed).map(({ name, run }) => [name, run]));

describe('a link that is replayed', () => {
  for (const { name, run } of linkCompliance(recorded)) {
    if (NOT_OF_A_RECORDING.includes(name)) continue;
    test(name, async () => {
      files.length = 0;
      await run();
      await again.get(name)?.();
    });
  }
});

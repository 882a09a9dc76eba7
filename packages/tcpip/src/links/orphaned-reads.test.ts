import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { effort } from '../../../../tools/thorough.js';
import { connection, upon } from '../../test/fixtures.js';
import { observe, openNetwork, textOf, world, write } from '../../test/world.js';
import type { ReceiveMode } from './receive-mode.js';

/** What is printed before an answer that is none of its own. */
const STRAYS = [[], ['ERROR'], ['ERROR', 'ERROR'], ['+IP ERROR: No data', 'ERROR'], ['OK']] as const;

describe('a block whose read has ended by something that was not its answer', () => {
  const stray = fc.constantFrom(...STRAYS);
  const chunk = fc.record({ link: fc.nat(2), size: fc.integer({ min: 1, max: 4_000 }) });

  test.each<ReceiveMode>(['buffer', 'hex'])(
    'arrives in order, once and at its socket (receive: "%s")',
    (receive) => {
      fc.assert(
        fc.property(
          fc.array(stray, { maxLength: 20 }),
          fc.array(chunk, { minLength: 1, maxLength: 10 }),
          fc.integer({ min: 1, max: 4 }),
          (strays, chunks, joinedReads) => {
            const w = world({}, { joinedReads });
            const network = openNetwork(w, { receive });
            const ends = [0, 1, 2].map((index) => {
              const { socket, far } = connection(w, network, `10.3.0.${index}`);
              return { far, sent: '', received: observe(socket.last.received$) };
            });
            const left = [...strays];
            upon(w, /^AT\+CIPRXGET=[23]/, () => {
              for (const line of left.shift() ?? []) w.module.control.report(line);
            });
            for (const [index, { link, size }] of chunks.entries()) {
              const end = ends[link] as (typeof ends)[0];
              const bytes = String.fromCharCode(65 + index).repeat(size);
              end.sent += bytes;
              write(end.far, bytes);
              w.advance(index % 2 === 0 ? 0 : 50);
            }
            w.advance(200_000);
            for (const { sent, received } of ends) {
              expect([received.end, textOf(received.values)]).toEqual(['open', sent]);
            }
          },
        ),
        { numRuns: effort(15, 100) },
      );
    },
  );
});

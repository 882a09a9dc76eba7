import { a7600, createDecoder } from '@a7600/at-codec';
import { linkPair } from '@a7600/transport';
import { virtualTime } from '../../testing/test/virtual-time.js';

import { Lane } from '../src/lane/lane.js';
import type { LaneOptions } from '../src/lane/lane-options.js';
import { COMMANDS_ONLY } from './commands-only.js';
import { bytesOf, textOf } from './world.js';

/**
 * A lane whose module is the test itself: it sees what is sent and prints what it likes.
 *
 * @param options - What differs from a lane that is alone on its line.
 */
export function laneRig(options: Partial<LaneOptions> = {}) {
  const { scheduler, advance } = virtualTime();
  const [link, module] = linkPair();
  const sent: string[] = [];
  const unclaimed: string[] = [];
  const silent: string[] = [];
  const counts: string[] = [];
  module.received$.subscribe((bytes) => sent.push(textOf([bytes])));
  const decoder = createDecoder(a7600, (event) => {
    if (!lane.offer(event)) unclaimed.push('text' in event ? event.text : event.kind);
  });
  const lane = new Lane({
    port: link,
    decoder,
    scheduler,
    trace: undefined,
    line: COMMANDS_ONLY,
    joinedReads: 1,
    onEcho: () => unclaimed.push('echo'),
    onStalled: () => decoder.lineMode(),
    onSilent: () => silent.push('MODULE_SILENT'),
    onCount: (what) => counts.push(what),
    ...options,
  });
  link.received$.subscribe((chunk) => {
    lane.chunkBegins();
    decoder.push(chunk);
    lane.chunkEnds();
  });
  const print = (...lines: string[]) =>
    module.write(bytesOf(lines.map((line) => `\r\n${line}\r\n`).join(''))).subscribe();
  const prompt = () => module.write(bytesOf('\r\n>')).subscribe();
  const raw = (text: string) => module.write(bytesOf(text)).subscribe();
  return { lane, sent, unclaimed, silent, counts, advance, print, prompt, raw };
}

/** A lane that has found its module, and has sent nothing since. */
export function startedLane(options?: Partial<LaneOptions>): ReturnType<typeof laneRig> {
  const rig = laneRig(options);
  rig.lane.start(5_000);
  rig.print('OK');
  rig.advance(200);
  rig.sent.length = 0;
  return rig;
}

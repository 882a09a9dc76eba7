import { entriesOf } from '@a7600/diagnostics/capture';
import type { Session } from './session.js';

/** Time between two points of the plots, in ms of the recording. */
const SAMPLING = 1_000;

/** Reads a recording into a session. Throws with the line that cannot be read. */
export function readRecording(text: string, session: Session): void {
  session.observer.opened();
  let next = SAMPLING;
  let last = 0;
  for (const { at, way, text: part } of entriesOf(text)) {
    for (; next <= at; next += SAMPLING) session.sample(next);
    session.count(way, part.length);
    session.take(at, way, part);
    last = at;
  }
  session.sample(Math.max(last, 1));
}

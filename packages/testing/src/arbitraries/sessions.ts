import fc from 'fast-check';
import { bytesOf, joined } from './bytes.js';
import { answerFrame, bootTrain, type Frame, pushFrame, readFrame, urcFrame } from './frames.js';

/** Everything that a module prints for a while, in order. */
export type Session = readonly Frame[];

/**
 * All bytes of a session.
 *
 * @param session What was generated.
 * @returns The bytes, in order.
 */
export function sessionBytes(session: Session): Uint8Array {
  return joined(session.map(({ bytes }) => bytes));
}

/**
 * All parts of a session; see {@link Frame}.
 *
 * @param session What was generated.
 * @returns The parts, in order.
 */
export function sessionParts(session: Session): readonly (string | Uint8Array)[] {
  return session.flatMap(({ parts }) => parts);
}

/**
 * What a module prints while a host talks to it: answers, reads, pushed data, unsolicited lines and
 * now and then a start. With `echo` the command lines come back before the answers, each with
 * its CR and no line feed.
 *
 * @param options Whether command lines are echoed, and how long the session may be.
 * @returns An arbitrary of sessions.
 */
export function session(
  options: { readonly echo?: boolean; readonly maxLength?: number } = {},
): fc.Arbitrary<Session> {
  const { echo = false, maxLength = 12 } = options;
  const answered = fc
    .tuple(fc.constantFrom('AT', 'AT+CSQ', 'AT+CIPOPEN?', 'at+creg?'), answerFrame())
    .map(([command, answer]) => (echo ? withEcho(command, answer) : answer));
  const read = (spaced: boolean) =>
    readFrame(fc.constant(spaced)).map((frame) => (echo ? withEcho('AT+CIPRXGET=2,0,1500', frame) : frame));
  const frame = (spaced: boolean) =>
    fc.oneof(
      { weight: 4, arbitrary: answered },
      { weight: 3, arbitrary: read(spaced) },
      { weight: 3, arbitrary: urcFrame() },
      { weight: 2, arbitrary: pushFrame() },
      { weight: 1, arbitrary: bootTrain() },
    );
  return fc.boolean().chain((spaced) => fc.array(frame(spaced), { maxLength }));
}

function withEcho(command: string, { bytes, parts }: Frame): Frame {
  return { bytes: joined([bytesOf(`${command}\r`), bytes]), parts: [command, ...parts] };
}

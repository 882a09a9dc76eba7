import {
  chunking,
  noise,
  protocolPayload,
  type Session,
  session,
  sessionBytes,
  urcFrame,
} from '@a7600/testing/arbitraries';
import fc from 'fast-check';
import { joinChunks } from '../../src/decoder/bytes.js';
import { bytesOf, type Told } from '../decode.js';

/** Whether the module echoes, and everything that follows from it. */
export const echoing = <T>(make: (echo: boolean) => fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.boolean().chain(make);

/** Anything that may come in, and what the decoder was told before. */
export interface Stream {
  readonly bytes: Uint8Array;
  /** The payload of a send; its prompt, and its echo if there is one, are somewhere in the bytes. */
  readonly payload: Uint8Array;
  /** Whether the decoder awaits a prompt. */
  readonly prompt: boolean;
  /** Whether it expects the echo of the payload after the prompt. */
  readonly echo: boolean;
}

/** Sessions, noise, and a send with its prompt, its echo and URCs before that. */
export const stream: fc.Arbitrary<Stream> = echoing((echo) =>
  fc
    .record({
      before: mixture(echo),
      after: mixture(echo),
      payload: protocolPayload({ maxLength: 60 }),
      space: fc.constantFrom('', ' '),
      between: fc.array(urcFrame(), { maxLength: 2 }),
      cut: fc.nat(60),
      prompt: fc.boolean(),
    })
    .map(({ before, after, payload, space, between, cut, prompt }) => ({
      bytes: joinChunks([
        before,
        bytesOf(`${echo ? `AT+CIPSEND=0,${payload.length}\r` : ''}\r\n>${space}`),
        sessionBytes(between),
        ...(echo ? [payload.subarray(cut % 3 === 0 ? cut : 0)] : []),
        bytesOf('\r\nOK\r\n'),
        after,
      ]),
      payload,
      prompt,
      echo,
    })),
);

function mixture(echo: boolean): fc.Arbitrary<Uint8Array> {
  return fc
    .array(fc.oneof(session({ echo, maxLength: 4 }).map(sessionBytes), noise()), { maxLength: 3 })
    .map(joinChunks);
}

/** What {@link Stream} says that the decoder was told. */
export function toldOf({ prompt, echo, payload }: Stream): Told {
  return { prompt, echo: echo ? payload : undefined };
}

/** A session, with echo or without. */
export const anySession: fc.Arbitrary<Session> = echoing((echo) => session({ echo }));

export { chunking };

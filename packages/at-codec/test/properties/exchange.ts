import assert from 'node:assert/strict';
import { bootTrain, type Frame, lineFrame, urcFrame } from '@a7600/testing/arbitraries';
import fc from 'fast-check';
import { encodeInput, type Property, property } from '../../../../tools/properties.js';
import { cipClose } from '../../src/commands/links.js';
import { netOpen } from '../../src/commands/network.js';
import { csq } from '../../src/commands/radio.js';
import { joinChunks } from '../../src/decoder/bytes.js';
import { isAtError } from '../../src/errors.js';
import type { Settled } from '../../src/settled.js';
import { bytesOf, textOf } from '../decode.js';
import { Conversations, printed, type Style } from '../dialogue.js';
import { type AnyForm, commandOf, formOf, type Sample, sample } from '../forms/index.js';

const style = fc.record<Style>({
  echo: fc.boolean(),
  emptyLines: fc.boolean(),
  colon: fc.constant(': '),
  comma: fc.constant(','),
  outcomeFirst: fc.boolean(),
});
const anySpelling = fc.record<Style>({
  echo: fc.boolean(),
  emptyLines: fc.boolean(),
  colon: fc.constantFrom(':', ': ', ' : '),
  comma: fc.constantFrom(',', ', '),
  outcomeFirst: fc.boolean(),
});

/** Settled with this value. Chunks of payload are compared joined. */
function assertValue(settled: Settled<unknown> | undefined, value: unknown): void {
  const plain = (of: unknown) =>
    typeof of === 'object' && of !== null && 'payload' in of
      ? { ...of, payload: textOf(joinChunks(of.payload as Uint8Array[])) }
      : of;
  if (settled?.ok === false) throw settled.error;
  assert.ok(settled !== undefined, 'not settled');
  assert.deepEqual(encodeInput(plain(settled.value)), encodeInput(plain(value)));
}

/** Units that come unasked and cannot be taken for a part of the answer. */
const unasked = fc.oneof({ weight: 4, arbitrary: urcFrame() }, { weight: 1, arbitrary: bootTrain() });
const DATA_MODE = ['CONNECT', 'NO CARRIER'];

function isLookalike({ parts }: Frame, of: Sample): boolean {
  const { lookalikes } = formOf(of);
  const confusing = commandOf(of).connects === true ? [...lookalikes, ...DATA_MODE] : lookalikes;
  return parts.some((part) => confusing.some((name) => typeof part === 'string' && part.startsWith(name)));
}

const hasOutcome = ({ family, form }: AnyForm) =>
  ['netOpen', 'netClose', 'cipClose', 'serverStop'].includes(family) && form === 'main';
const opens = ({ family, form }: AnyForm) =>
  family === 'cipOpen' && ['main', 'udp', 'udpServer'].includes(form);

const hasBlock = ({ family, form }: AnyForm) => family === 'cipRxGet' && ['take', 'takeHex'].includes(form);

/** Commands that no OK alone can answer. */
const waitsForMore = (form: AnyForm) =>
  (form.family === 'cipSend' && ['main', 'variable', 'cancel'].includes(form.form)) || hasBlock(form);

export const exchangeProperties: readonly Property[] = [
  property(
    '6. URCs and whole boot trains between the lines of an answer change neither its result nor themselves',
    fc.record({
      sample: sample(),
      style,
      inserted: fc.array(fc.record({ frame: unasked, at: fc.nat() }), { minLength: 1, maxLength: 3 }),
    }),
    ({ sample: given, style: how, inserted }) => {
      const frames = inserted.filter(({ frame }) => !isLookalike(frame, given));
      const command = commandOf(given);
      const chunks = printed(command, given.reply, how);
      const all = chunks.flatMap((chunk, at) => [
        ...frames.filter((each) => each.at % chunks.length === at).map(({ frame }) => frame.bytes),
        chunk,
      ]);
      const wire = new Conversations();
      const sent = wire.send(command);
      wire.hear(...all);
      assertValue(sent.settled, given.reply.value);
      const expected = chunks.flatMap((_, at) =>
        frames.filter((each) => each.at % chunks.length === at).flatMap(({ frame }) => frame.parts),
      );
      assert.deepEqual(wire.foreign, expected);
    },
  ),

  property(
    '7. a result before OK, after it, with ERROR, late, twice or missing leaves the next command alone',
    fc.record({
      sample: sample((form) => hasOutcome(form) || opens(form)),
      echo: fc.boolean(),
      error: fc.integer({ min: 0, max: 12 }),
      order: fc.constantFrom('before', 'after', 'refused', 'late', 'twice', 'missing'),
    }),
    ({ sample: given, echo, error, order }) => {
      const command = commandOf(given);
      const outcome = `\r\n${(given.reply.outcome as string).replace(/\d+$/, String(error))}\r\n`;
      const lines = {
        before: [outcome, '\r\nOK\r\n'],
        after: ['\r\nOK\r\n', outcome],
        refused: [outcome, '\r\nERROR\r\n'],
        late: ['\r\nOK\r\n'],
        twice: ['\r\nOK\r\n', outcome, outcome],
        missing: ['\r\nOK\r\n'],
      }[order];
      const wire = new Conversations();
      const sent = wire.send(command);
      wire.hear(bytesOf((echo ? `${command.text}\r` : '') + lines.join('')));
      const next = wire.send(csq());
      if (order === 'late') wire.hear(bytesOf(outcome));
      wire.hear(bytesOf(`${echo ? 'AT+CSQ\r' : ''}\r\n+CSQ: 20,0\r\n\r\nOK\r\n`));

      assertValue(next.settled, { rssi: 20, ber: 0 });
      if (order === 'missing') assert.equal(sent.phase, 'outcome');
      else if (error === 0 && order !== 'refused') assertValue(sent.settled, undefined);
      else {
        const { settled } = sent;
        const code = error === 0 ? 'REFUSED' : 'SOCKET_ERROR';
        assert.ok(settled?.ok === false && isAtError(settled.error, code));
        assert.equal(settled.error.number, error === 0 ? undefined : error);
      }
      assert.deepEqual(wire.foreign, order === 'twice' ? [outcome.trim()] : []);
    },
  ),

  property(
    '7a. an OK before a prompt, or of a line that has to come, belongs to something earlier',
    fc.record({ sample: sample(waitsForMore), style }),
    ({ sample: given, style: how }) => {
      const wire = new Conversations();
      const sent = wire.send(commandOf(given));
      wire.hear(lineFrame('OK').bytes, ...printed(commandOf(given), given.reply, how));
      assertValue(sent.settled, given.reply.value);
      assert.deepEqual(wire.foreign, ['OK']);
    },
  ),

  property(
    '7b. a block that came whole is the answer, although the result after it got lost',
    fc.record({ sample: sample(hasBlock), style }),
    ({ sample: given, style: how }) => {
      const wire = new Conversations();
      const sent = wire.send(commandOf(given));
      const chunks = printed(commandOf(given), given.reply, how);
      wire.hear(...chunks.slice(0, -1));
      sent.expire(new Error('late'));
      assertValue(sent.settled, given.reply.value);
    },
  ),

  property(
    '8. what is answered reads the same in every way in which it can be printed',
    fc.record({
      sample: sample(({ family, form }) => form !== 'test' && family !== 'ati' && family !== 'simcomAti'),
      style: anySpelling,
    }),
    ({ sample: given, style: how }) => {
      const wire = new Conversations();
      const sent = wire.send(commandOf(given));
      wire.hear(...printed(commandOf(given), given.reply, how));
      assertValue(sent.settled, given.reply.value);
      assert.deepEqual(wire.foreign, []);
    },
  ),

  property(
    '12. in a sequence of commands each gets exactly its own lines',
    fc.record({
      samples: fc.array(fc.record({ sample: sample(), style, urc: urcFrame(), late: fc.boolean() }), {
        maxLength: 8,
      }),
    }),
    ({ samples }) => {
      const wire = new Conversations();
      const expected: (string | Uint8Array)[] = [];
      const waiting: Uint8Array[] = [];
      const sent = samples.map(({ sample: given, style: how, urc, late }) => {
        const command = commandOf(given);
        const chunks = printed(command, given.reply, { ...how, outcomeFirst: how.outcomeFirst && !late });
        // Outcomes may come while commands run that have none and ask for nothing of that name.
        const mayWait = given.reply.outcome !== undefined && late && command.payload === undefined;
        if (given.reply.outcome !== undefined || formOf(given).lookalikes.length > 0)
          wire.hear(...waiting.splice(0));
        const exchange = wire.send(command);
        const outcome = mayWait ? chunks.splice(-1) : [];
        wire.hear(...chunks.slice(0, 1), ...(isLookalike(urc, given) ? [] : [urc.bytes]), ...chunks.slice(1));
        if (!isLookalike(urc, given)) expected.push(...urc.parts);
        waiting.push(...outcome);
        return exchange;
      });
      wire.hear(...waiting);
      for (const [at, { sample: given }] of samples.entries()) {
        assertValue(sent[at]?.settled, given.reply.value);
      }
      assert.deepEqual(wire.foreign, expected);
    },
  ),

  property(
    '12a. no command claims a line of one that ended long ago',
    fc.record({ link: fc.nat(9), error: fc.nat(12) }),
    ({ link, error }) => {
      const wire = new Conversations();
      wire.send(netOpen());
      wire.hear(lineFrame('OK').bytes, lineFrame('+NETOPEN: 0').bytes);
      const next = wire.send(cipClose({ link }));
      wire.hear(lineFrame('+NETOPEN: 1').bytes, lineFrame(`+CIPCLOSE: ${(link + 1) % 10},${error}`).bytes);
      assert.equal(next.phase, 'answer');
      assert.deepEqual(wire.foreign, ['+NETOPEN: 1', `+CIPCLOSE: ${(link + 1) % 10},${error}`]);
    },
  ),
];

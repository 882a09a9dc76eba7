import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fleetWorld, observe } from '../../test/world.js';
import { decodeFrame, encodeFrame } from './frame.js';
import { decodeRecord, encodeRecord, jsonBytes, parseJson } from './record.js';
import { beatSchema, checked, eventSchema, replySchemas, requestSchemas, stateSchema } from './schemas.js';

interface Recorded {
  readonly subject: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly data: Uint8Array;
}

const recorded: readonly Recorded[] = readFileSync(
  join(import.meta.dirname, '../../test/protocol/version-1.0.jsonl'),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))
  .map((each) => ({ ...each, data: Uint8Array.from(Buffer.from(each.data, 'base64')) }));

const verbOf = ({ subject }: Recorded) => subject.split('.').at(-1) ?? '';
const isFrame = ({ subject }: Recorded) => /\.(in|out)\.[^.]+$/.test(subject);
const isRequest = ({ subject }: Recorded) =>
  subject.startsWith('a7600.v1.') && subject.split('.').length === 6;
const ending = (text: string) => recorded.filter(({ subject }) => subject.endsWith(text));

/** As a higher minor version would say it. */
function newer(json: unknown): unknown {
  return { ...(json as object), protocol: '1.7', addedLater: { deep: [1, null] } };
}

describe('the recording of version 1.0 is read as it was meant', () => {
  test('has every kind of message of a short session', () => {
    expect(recorded).toHaveLength(40);
    expect(recorded.filter(isRequest).map(verbOf)).toEqual(['run', 'raw', 'raw', 'lease', 'raw', 'open']);
    expect(new Set(recorded.filter(isFrame).map(({ data }) => data[0]))).toEqual(new Set([1, 2, 3, 4, 5]));
  });

  test.each([
    ['beats', '.beat', beatSchema, { instance: 'id00000000000000000001', modems: 1, dropped: 0 }],
    ['states', '.east.state', stateSchema, { instance: 'id00000000000000000001', links: expect.any(Array) }],
    [
      'events',
      '.event.lease',
      eventSchema,
      { modem: 'east', kind: 'lease', data: { action: 'granted', epoch: 4, holder: 'desk' } },
    ],
  ] as const)('%s, and those of a higher minor version', (_, subject, schema, meaning) => {
    expect(ending(subject).length).toBeGreaterThan(0);
    for (const { data } of ending(subject)) {
      expect(checked(schema, parseJson(data), 'it')).toMatchObject(meaning);
      expect(checked(schema, newer(parseJson(data)), 'it')).toMatchObject(meaning);
    }
  });

  test('requests and replies are records that are written the same way today', () => {
    for (const { data } of recorded.filter((each) => isRequest(each) || each.subject.startsWith('_INBOX'))) {
      const { json, bytes } = decodeRecord(data);
      expect(encodeRecord(json, bytes)).toEqual(data);
    }
    const [run] = recorded.filter((each) => isRequest(each) && verbOf(each) === 'run');
    const json = decodeRecord(run?.data ?? new Uint8Array()).json;
    const meaning = { text: 'AT+CSQ', label: 'AT+CSQ', timeout: 9_000, names: ['+CSQ'], plain: true };
    expect(checked(requestSchemas.run, json, 'it')).toMatchObject(meaning);
    expect(checked(requestSchemas.run, newer(json), 'it')).toMatchObject(meaning);
    const replies = recorded
      .filter(({ subject }) => subject.startsWith('_INBOX'))
      .map(({ data }) => decodeRecord(data));
    expect(new TextDecoder().decode(replies[0]?.bytes)).toBe('\r\n+CSQ: 23,0\r\n\r\nOK\r\n');
    expect(checked(replySchemas.lease, newer(replies[3]?.json), 'it')).toMatchObject({
      epoch: 4,
      ttl: 10_000,
    });
  });

  test('frames are written the same way today; an unknown kind is ignored', () => {
    for (const { data } of recorded.filter(isFrame)) {
      const frame = decodeFrame(data);
      expect(frame).toBeDefined();
      if (frame !== undefined) expect(encodeFrame(frame)).toEqual(data);
    }
    expect(decodeFrame(Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2))).toBeUndefined();
    expect(decodeFrame(Uint8Array.of(1, 0))).toBeUndefined();
    // A CREDIT that has grown: what follows is ignored.
    const credit = encodeFrame({ kind: 'credit', received: 5, limit: 9, resend: false, unopened: false });
    expect(decodeFrame(Uint8Array.of(...credit, 7, 7))).toMatchObject({ received: 5, limit: 9 });
  });

  test('a controller of today lists what the agent of the recording stored and beat, whatever a newer one adds', () => {
    for (const change of [(json: unknown) => json, newer]) {
      const w = fleetWorld();
      const fleet = w.controller().observed.last;
      const old = w.server.connect();
      for (const { subject, data } of recorded) {
        const json = () => jsonBytes(change(parseJson(data)) as object);
        if (subject.endsWith('.state')) old.put(subject.replace('$KV.A7600.', ''), json()).subscribe();
        if (subject.endsWith('.beat')) old.publish(subject, json());
        w.advance(10);
      }
      w.advance(100);
      const [modem] = observe(fleet.modems$).last;
      expect(modem).toMatchObject({
        id: 'ROOF-17/east',
        presence: 'present',
        state: 'online',
        imei: expect.stringMatching(/^\d{15}$/),
        signal: { rssi: -67 },
      });
      expect(fleet.refusals.size).toBe(0);
    }
  });

  test('an agent of today answers the requests of the recording as that of the recording did', () => {
    const w = fleetWorld();
    const agent = w.agent('ROOF-17', ['east']);
    w.advance(3_000);
    const { instance } = agent.observed.last;
    const old = w.server.connect();
    const requests = recorded.filter((each) => isRequest(each) && ['run', 'raw'].includes(verbOf(each)));
    const answers = recorded.filter(({ subject }) => /^_INBOX_2\.[123]$/.test(subject));
    for (const [index, { subject, data, headers }] of requests.slice(0, 3).entries()) {
      const to = subject.replace('id00000000000000000001', instance);
      const { 'A7600-Imei': _, ...others } = headers;
      const { json, bytes } = decodeRecord(data);
      for (const [id, body] of [
        [headers['A7600-Id'], data],
        [`newer-${'x'.repeat(12)}-${index}`, encodeRecord(newer(json), bytes)],
      ] as const) {
        const reply = observe(
          old.request(to, body, { ...others, 'A7600-Id': id ?? '', 'A7600-New': '1' }, 5_000),
        );
        w.advance(300);
        const said = decodeRecord(reply.last.data);
        const was = decodeRecord(answers[index]?.data ?? new Uint8Array());
        expect(said.bytes).toEqual(was.bytes);
        expect(said.json).toMatchObject(was.json as object);
      }
    }
  });
});

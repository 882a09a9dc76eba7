import { timelineOf } from '@a7600/diagnostics/timeline';
import type { RecordingEntry } from '@a7600/transport/recording';
import { describe, expect, test } from 'vitest';
import { lostTime } from './lost-time.js';
import { pageOf } from './page.js';

/** `12 > AT` is sent at 12 ms, `14 < OK` is received at 14 ms. */
function dialogue(...lines: string[]): RecordingEntry[] {
  return lines.map((line) => {
    const [, at, way, text = ''] = /^(\d+) ([<>]) (.*)$/s.exec(line) ?? [];
    const end = way === '>' ? '\r' : '\r\n';
    const isPayload = text.startsWith('=');
    return {
      at: Number(at),
      way: way === '>' ? 'sent' : 'received',
      text: isPayload ? text.slice(1) : `${text}${end}`,
    };
  });
}

const ENTRIES = dialogue(
  '0 > AT+CSQ',
  '5 < +CSQ: 20,99',
  '6 < OK',
  '10 > AT+NETOPEN',
  '20 < OK',
  '900 < +NETOPEN: 0',
  '1000 > AT+CIPOPEN=1,"TCP","10.0.0.1",80',
  '1010 < OK',
  '1100 < +CIPOPEN: 1,0',
  '1200 > AT+CIPSEND=1,2',
  '1205 < =\r\n>',
  '1206 > =hi',
  '1210 < OK',
  '1220 < +CIPSEND: 1,2,2',
  '4000 < +IPCLOSE: 1,1',
  '4100 > AT+CREG?',
  '9000 > AT',
  '9001 < OK',
);

test('the lines of ATI are its answer, and what the module prints by itself meanwhile is not', () => {
  const { commands, notifications } = timelineOf(
    dialogue(
      '0 > ATI',
      '5 < Manufacturer: INCORPORATED',
      '5 < Model: A7672SA-FASE',
      '6 < Revision: A011B19A7672M7_F',
      '6 < +CMTI: "SM",3',
      '7 < IMEI: 862636050000019',
      '7 < +GCAP: +CGSM,+FCLASS,+DS',
      '9 < OK',
      '20 < RING',
    ),
  );
  expect(commands.map(({ text, result }) => [text, result])).toEqual([['ATI', 'OK']]);
  expect(notifications.map(({ text }) => text)).toEqual(['+CMTI: "SM",3', 'RING']);
});

describe('a timeline', () => {
  const timeline = timelineOf(ENTRIES);

  test('has the commands with their results and times', () => {
    expect(timeline.commands.map(({ from, to, text, result }) => [from, to, text, result])).toEqual([
      [0, 6, 'AT+CSQ', 'OK'],
      [10, 20, 'AT+NETOPEN', 'OK'],
      [1000, 1010, 'AT+CIPOPEN=1,"TCP","10.0.0.1",80', 'OK'],
      [1200, 1210, 'AT+CIPSEND=1,2', 'OK'],
      [4100, 9000, 'AT+CREG?', undefined],
      [9000, 9001, 'AT', 'OK'],
    ]);
  });

  test('has links, signal, states and what was not asked for', () => {
    expect(timeline.links).toEqual([
      {
        link: 1,
        from: 1100,
        to: 4000,
        sent: 2,
        received: 0,
        transfers: [{ at: 1220, direction: 'sent', size: 2 }],
      },
    ]);
    expect(timeline.signal).toEqual([{ at: 5, rssi: 20 }]);
    expect(timeline.states).toEqual([{ at: 900, text: '+NETOPEN: 0' }]);
    expect(timeline.notifications.map(({ at }) => at)).toEqual([900, 1100, 1220, 4000]);
    expect(timeline.length).toBe(9001);
  });

  test('says where time was lost', () => {
    const { waiting, idle, commands, silences } = lostTime(timeline);
    expect(waiting).toBe(6 + 10 + 10 + 10 + 4900 + 1);
    expect(idle).toBe(9001 - waiting);
    expect(commands[0]).toEqual({ name: 'AT+CREG', count: 1, total: 4900, longest: 4900, at: 4100 });
    expect(silences).toEqual([
      { at: 4100, length: 4900, after: 'waiting for the answer to AT+CREG' },
      { at: 1220, length: 2780, after: 'nothing was asked' },
      { at: 20, length: 880, after: 'nothing was asked' },
    ]);
  });

  test('is one page that loads nothing, whatever the recording says', () => {
    const evil = dialogue('0 > AT</script><script>alert(1)</script>', '9 < OK');
    const page = pageOf(timelineOf(evil), '<b>title</b>');
    expect(page).not.toMatch(/<script>alert|<b>title|https?:|src=|<link/);
    expect(page).toContain('&lt;b&gt;title&lt;/b&gt;');
    const [, data = ''] = /<script id="data" type="application\/json">(.*?)<\/script>/s.exec(page) ?? [];
    expect(JSON.parse(data).commands[0].text).toBe('AT</script><script>alert(1)</script>');
  });

  test('of an empty recording', () => {
    expect(pageOf(timelineOf([]), 'x')).toContain('0 commands');
  });
});

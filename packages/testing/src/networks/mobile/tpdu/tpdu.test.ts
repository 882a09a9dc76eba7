import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ALPHANUMERIC, addressOf, dialled, parseCentre, printCentre } from './address.js';
import { hexOf, octetsOf } from './hex.js';
import { parseTimeStamp, parseTimeText, printTimeStamp, timeText } from './time-stamp.js';
import { parseReceived, parseSubmit, printTpdu, type Submit } from './tpdu.js';
import { alphabetOf, classOf, partIn, textIn, userDataOf } from './user-data.js';

const octets = (hex: string) => octetsOf(hex) ?? new Uint8Array();

describe('PDUs that others have written', () => {
  test('a delivery with the SC in front (3GPP TS 23.040; the example of many tutorials)', () => {
    const pdu = octets('07917283010010F5040BC87238880900F10000993092516195800AE8329BFD4697D9EC37');
    const centre = parseCentre(pdu);
    expect(centre?.address && dialled(centre.address)).toBe('+27381000015');
    const message = parseReceived(pdu.subarray(centre?.end));
    if (message?.kind !== 'deliver') throw new Error('It is no delivery.');
    expect(message.from).toEqual({ value: '27838890001', type: 0xc8 });
    expect(textIn(message.data)).toBe('hellohello');
    expect(timeText(message.at)).toBe('99/03/29,15:16:59+08');
    expect(printTpdu(message)).toEqual(pdu.subarray(centre?.end));
  });

  test('a submission with relative validity', () => {
    const pdu = octets('11000B916407281553F80000AA0AE8329BFD4697D9EC37');
    const message = parseSubmit(pdu);
    if (message === undefined) throw new Error('It is no submission.');
    expect(dialled(message.to)).toBe('+46708251358');
    expect([...message.validity]).toEqual([0xaa]);
    expect(textIn(message.data)).toBe('hellohello');
    expect(printTpdu(message)).toEqual(pdu);
  });
});

describe('texts', () => {
  const character = fc.constantFrom(...'@£$ èΔabcXYZ09€[]{}~|^\\\n', 'ж', '漢', '😀');
  const text = fc.array(character, { maxLength: 700 }).map((characters) => characters.join(''));

  test('come back from their parts, each of which fits', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 255 }), (written, reference) => {
        const parts = userDataOf(written, reference);
        expect(parts.map(textIn).join('')).toBe(written);
        for (const [index, part] of parts.entries()) {
          expect(part.octets.length).toBeLessThanOrEqual(140);
          expect(partIn(part)).toEqual(
            parts.length === 1 ? undefined : { reference, count: parts.length, number: index + 1 },
          );
        }
      }),
    );
  });

  test.each([
    ['a'.repeat(160), 1],
    ['a'.repeat(161), 2],
    ['€'.repeat(80), 1],
    ['€'.repeat(81), 2],
    ['ж'.repeat(70), 1],
    ['ж'.repeat(71), 2],
    ['a'.repeat(306), 2],
    ['a'.repeat(307), 3],
  ])('%#: the number of parts (3GPP TS 23.040, 9.2.3.24)', (written, count) => {
    expect(userDataOf(written)).toHaveLength(count);
  });

  test('no part ends between an escape and its character, or between surrogates', () => {
    expect(userDataOf(`${'a'.repeat(152)}€${'b'.repeat(20)}`).map(textIn)).toEqual([
      'a'.repeat(152),
      `€${'b'.repeat(20)}`,
    ]);
    expect(userDataOf(`${'ж'.repeat(66)}😀жжжж`).map(textIn)).toEqual(['ж'.repeat(66), '😀жжжж']);
  });
});

test.each([
  [0x00, '7-bit', undefined],
  [0x04, '8-bit', undefined],
  [0x08, 'UCS2', undefined],
  [0x10, '7-bit', 0],
  [0xf0, '7-bit', 0],
  [0xf4, '8-bit', 0],
  [0xf5, '8-bit', 1],
  [0xf2, '7-bit', 2],
  [0x18, 'UCS2', 0],
  [0xe0, 'UCS2', undefined],
  [0xc8, '7-bit', undefined],
] as const)('coding %i (3GPP TS 23.038, 4)', (coding, alphabet, messageClass) => {
  expect(alphabetOf(coding)).toBe(alphabet);
  expect(classOf(coding)).toBe(messageClass);
});

describe('addresses', () => {
  test.each(['+46708251358', '10086', '*100#', '12'])('%s', (number) => {
    const submit: Submit = {
      kind: 'submit',
      flags: 1,
      reference: 7,
      to: addressOf(number),
      protocol: 0,
      validity: new Uint8Array(),
      data: userDataOf('x')[0] ?? { coding: 0, hasHeader: false, length: 0, octets: new Uint8Array() },
    };
    const back = parseSubmit(printTpdu(submit));
    expect(back).toEqual(submit);
    expect(back && dialled(back.to)).toBe(number);
  });

  test('a name in the place of a number (3GPP TS 23.040, 9.1.2.5)', () => {
    const message = parseReceived(octets(`000BD0C7F7FBCC2E03${'00'.repeat(10)}`));
    expect(message?.kind === 'deliver' && message.from).toEqual({ value: 'Google', type: ALPHANUMERIC });
  });

  test('a service centre may be left out', () => {
    expect(hexOf(printCentre(undefined))).toBe('00');
    expect(parseCentre(octets('00'))).toEqual({ address: undefined, end: 1 });
    expect(hexOf(printCentre(addressOf('+27381000015')))).toBe('07917283010010F5');
  });
});

describe('times', () => {
  const zoned = fc.record({
    ms: fc.integer({ min: 86_400, max: 3_155_000_000 }).map((seconds) => seconds * 1000),
    zone: fc.integer({ min: -79, max: 79 }),
  });
  test('come back from both forms', () => {
    fc.assert(
      fc.property(zoned, (time) => {
        expect(parseTimeStamp(printTimeStamp(time))).toEqual(time);
        expect(parseTimeText(timeText(time))).toEqual(time);
      }),
    );
  });

  test('GMT+8 is +32 (AT command manual, 3.2.10)', () => {
    expect(timeText({ ms: Date.UTC(2008, 4, 6, 6, 28, 10), zone: 32 })).toBe('08/05/06,14:28:10+32');
  });

  test.each(['08/13/06,14:28:10+32', '08/02/30,14:28:10+32', '8/5/6,14:28:10', '08/05/06,24:00:00+00', ''])(
    'no time: %s',
    (text) => expect(parseTimeText(text)).toBeUndefined(),
  );
});

test('octets that end early are no TPDU, wherever they are cut', () => {
  const whole = octets('11000B916407281553F80000AA0AE8329BFD4697D9EC37');
  for (let end = 0; end < whole.length; end++) expect(parseSubmit(whole.subarray(0, end))).toBeUndefined();
  const delivered = octets('040BC87238880900F10000993092516195800AE8329BFD4697D9EC37');
  for (let end = 0; end < delivered.length; end++) {
    expect(parseReceived(delivered.subarray(0, end))).toBeUndefined();
  }
});

test('any octets are read without an exception', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 180 }), (any) => {
      parseSubmit(any);
      const received = parseReceived(any);
      if (received?.kind === 'deliver') textIn(received.data);
      parseCentre(any);
    }),
  );
});

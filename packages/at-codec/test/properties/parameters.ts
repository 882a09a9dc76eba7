import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Property, property } from '../../../../tools/properties.js';
import { a7600 } from '../../src/a7600.js';
import { LineSource } from '../../src/decoder/line-source.js';
import {
  countFields,
  countIntegers,
  fieldEnd,
  fieldStart,
  fieldText,
  integerAt,
  isFieldQuoted,
  parametersStart,
  splitFields,
} from '../../src/decoder/parameters.js';
import { bytesOf, decodeWith } from '../decode.js';

const parameters = fc.string({
  unit: fc.constantFrom('0', '1', '42', ',', ',', '-', '+', '"', ' ', 'x', ':', '(', ')', '.'),
  maxLength: 16,
});

/** The fields of a line: what stands between the commas outside of quotes. Written apart from the decoder. */
function modelFields(text: string): string[] {
  if (text.trim() === '') return [];
  const separated = text.split('"').map((part, at) => (at % 2 === 0 ? part.replaceAll(',', '\n') : part));
  return separated
    .join('"')
    .split('\n')
    .map((field) => field.trim());
}

export const parameterProperties: readonly Property[] = [
  property(
    '13. the number of fields, their texts, quotes and integers agree with each other',
    fc.record({ text: parameters, before: fc.constantFrom('+XYZ: ', '+XYZ:', '+NETOPEN: ', '+CREG: ') }),
    ({ text, before }) => {
      const [line] = decodeWith(a7600, [bytesOf(`\r\n${before}${text}\r\n`)]);
      assert.ok(line !== undefined && (line.kind === 'text' || line.kind === 'urc'));
      const fields = modelFields(text);
      const isQuoted = (field: string) => /^".*"$/.test(field);
      assert.deepEqual(
        line.fields,
        fields.map((field) => (isQuoted(field) ? field.slice(1, -1) : field)),
      );
      assert.equal(line.fieldCount, fields.length);
      const integers = fields.map((field, index) => {
        const closed = index === fields.length - 1 ? field.replace(/ *[):]$/, '') : field;
        return /^-?\d+$/.test(closed) ? Number(closed) : Number.NaN;
      });
      for (const [index, integer] of integers.entries()) {
        assert.ok(line.int(index) === integer || (Number.isNaN(integer) && Number.isNaN(line.int(index))));
        assert.equal(line.quoted(index), isQuoted(fields[index] as string));
      }
      assert.ok(Number.isNaN(line.int(fields.length)));
      assert.equal(line.integerCount, integers.some(Number.isNaN) ? -1 : fields.length);
    },
  ),

  property(
    '13a. bytes before and after the parameters have no influence on them',
    fc.record({ text: parameters, before: parameters, after: parameters }),
    ({ text, before, after }) => {
      const whole = bytesOf(before + text + after);
      const start = before.length;
      const alone = bytesOf(text);
      assert.deepEqual(readAll(whole, start, start + text.length), readAll(alone, 0, text.length));
    },
  ),
];

/** Everything that the functions say about the parameters from `start` to `end`; offsets relative to `start`. */
function readAll(bytes: Uint8Array, start: number, end: number) {
  const source = new LineSource(bytes, bytes.length);
  const from = (at: number) => (at < 0 ? at : at - start);
  const fields = Array.from({ length: 4 }, (_, index) => {
    const at = fieldStart(bytes, start, end, index);
    if (at < 0) return undefined;
    const to = fieldEnd(bytes, at, end);
    return {
      at: from(at),
      to: from(to),
      text: fieldText(source, at, to),
      quoted: isFieldQuoted(bytes, at, to),
      // The caller reads only what begins before the end.
      integer: at < end ? integerAt(bytes, at, end) : Number.NaN,
    };
  });
  return {
    start: from(parametersStart(bytes, start, end)),
    fields,
    texts: splitFields(source, start, end),
    count: countFields(bytes, start, end),
    integers: countIntegers(bytes, start, end),
  };
}

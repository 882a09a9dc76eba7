import { AtError, type Command, csq } from '@a7600/at-codec';
import { defer, type Observable, of, throwError } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { errorOf, observe } from '../../test/world.js';
import { ModemError } from '../base/errors.js';
import { runRepeatable } from './repeat.js';
import { ensureSetting, readableSetting, readSetting, type Setting, writeSetting } from './setting.js';

const lost = () => new ModemError('TIMEOUT', 'Not answered.');
const refusal = () => new AtError('REFUSED', 'The module answered ERROR.');
const broken = new Error('the modem was closed');

/** A lane that answers one command after the other as told, and notes what it was asked. */
function laneWith(...answers: readonly unknown[]) {
  const asked: string[] = [];
  const left = [...answers];
  const run = <R>(command: Command<R>): Observable<R> =>
    defer(() => {
      asked.push(command.text);
      const answer = left.shift();
      return answer instanceof Error ? throwError(() => answer) : of(answer as R);
    });
  return { asked, lane: { run } as never };
}

describe('a command that may be executed twice', () => {
  test.each([
    ['an answer that was lost twice', [lost(), lost(), 'value'], 'value', 3],
    ['an answer that is lost each time', [lost(), lost(), lost(), 'value'], 'TIMEOUT', 3],
    ['a refusal', [refusal(), 'value'], 'REFUSED', 1],
  ])('%s', (_, answers, expected, times) => {
    const { lane, asked } = laneWith(...answers);
    const run = observe(runRepeatable(lane, csq()) as Observable<unknown>);
    expect(asked).toHaveLength(times);
    expect(errorOf(run)?.code ?? run.last).toBe(expected);
  });
});

const NUMBER: Setting<number> = {
  name: 'AT+X',
  read: { ...csq(), text: 'AT+X?' } as never,
  write: (value) => {
    if (!(value <= 9)) throw new RangeError('out of range');
    return { ...csq(), text: `AT+X=${value}` } as never;
  },
  same: Object.is,
};

describe('a setting', () => {
  test('that is as wanted is not written', () => {
    const { lane, asked } = laneWith();
    expect(observe(writeSetting(lane, NUMBER, 1, 1)).values).toEqual([1]);
    expect(asked).toEqual([]);
  });

  test('is written and read back; what is set in the end is told', () => {
    const { lane, asked } = laneWith(undefined, 1);
    const set = observe(writeSetting(lane, NUMBER, 0, 1));
    expect([set.values, set.end, asked]).toEqual([[1], 'complete', ['AT+X=1', 'AT+X?']]);
  });

  test('that does not stay is written three times', () => {
    const { lane, asked } = laneWith(undefined, 0, refusal(), 0, lost(), 0, undefined, 0);
    expect(observe(writeSetting(lane, NUMBER, 0, 1)).values).toEqual([0]);
    expect(asked).toEqual(['AT+X=1', 'AT+X?', 'AT+X=1', 'AT+X?', 'AT+X=1', 'AT+X?']);
  });

  test('counts as it was where the module does not tell after the writing', () => {
    const { lane } = laneWith(undefined, refusal(), undefined, refusal(), undefined, refusal());
    expect(observe(writeSetting(lane, NUMBER, 0, 1)).values).toEqual([0]);
  });

  test('that the firmware does not tell is written once and taken to be set', () => {
    const { lane, asked } = laneWith(undefined);
    const set = observe(writeSetting(lane, NUMBER, undefined, 1));
    expect([set.values, asked]).toEqual([[1], ['AT+X=1']]);
  });

  test('fails with any other error than a refusal or a lost answer', () => {
    expect(observe(writeSetting(laneWith(broken).lane, NUMBER, 0, 1)).end).toEqual({ error: broken });
    expect(observe(readSetting(laneWith(broken).lane, NUMBER)).end).toEqual({ error: broken });
  });

  test('is undefined where the firmware refuses to tell', () => {
    expect(observe(readSetting(laneWith(refusal()).lane, NUMBER)).values).toEqual([undefined]);
  });

  test('is read before it is written', () => {
    const { lane, asked } = laneWith(0, undefined, 1);
    expect(observe(ensureSetting(lane, NUMBER, 1)).values).toEqual([1]);
    expect(asked).toEqual(['AT+X?', 'AT+X=1', 'AT+X?']);
  });

  test('that the module refuses to tell at first, but accepts, is read back, and set again where it is another one', () => {
    const { lane, asked } = laneWith(refusal(), undefined, 2, undefined, 1);
    expect(observe(ensureSetting(lane, NUMBER, 1)).values).toEqual([1]);
    expect(asked).toEqual(['AT+X?', 'AT+X=1', 'AT+X?', 'AT+X=1', 'AT+X?']);
  });

  test('that the module does not tell after the writing either is unknown', () => {
    const { lane, asked } = laneWith(refusal(), undefined, refusal());
    const set = observe(ensureSetting(lane, NUMBER, 1));
    expect([set.values, set.end, asked]).toEqual([[undefined], 'complete', ['AT+X?', 'AT+X=1', 'AT+X?']]);
    const refused = observe(ensureSetting(laneWith(refusal(), refusal()).lane, NUMBER, 1));
    expect(errorOf(refused)).toMatchObject({ code: 'REFUSED' });
  });

  test('that could not be written back was damaged on the line', () => {
    const reading = (value: number | undefined) =>
      readableSetting({ ...NUMBER, read: { ...NUMBER.read, read: () => value } } as never);
    expect(reading(9).read({} as never)).toBe(9);
    expect(reading(undefined).read({} as never)).toBeUndefined();
    expect(() => reading(10).read({} as never)).toThrow('AT+X? with a value that is out of its range');
  });
});

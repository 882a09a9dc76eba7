import { describe, expect, test } from 'vitest';
import { bytesOf, textOf } from '../../test/world.js';
import { findAnswer, type Kept, type Parts, partsOfClosed, partsOfOpen, partsOfReplaced } from './answers.js';

const PROOF = '\r\n+CIPTIMEOUT: 3111,4222,5333\r\n\r\nOK\r\n';

describe('the answer to the question', () => {
  const found = (text: string, from = 0) => findAnswer(bytesOf(text), from, [3_111, 4_222, 5_333]);

  test('is the right numbers and the OK after them', () => {
    expect(found(`x${PROOF}y`)).toEqual({ kind: 'proof', at: 2, end: 1 + PROOF.length });
    expect(found(PROOF.slice(0, -1))).toBeUndefined();
    expect(found(`x\r\nOK\r\n${PROOF.slice(0, -6)}`)).toBeUndefined();
  });

  test.each([
    '\r\n+CIPTIMEOUT: 3111,4222,5333\r\nOK\r\n',
    '\r\n+CIPTIMEOUT:3111, 4222 ,\t5333\r\n\r\nOK\r\n',
    '\n+CIPTIMEOUT: 3111,4222,5333\n\r\nOK\r\n',
    '\r\n+CIPTIMEOUT: 3111,4222,5333\r\n\r\n+CIPRXGET: 1,3\r\n\r\nOK\r\n',
  ])('is read as tolerantly as any line (protocol 10.1): %j', (text) => {
    expect(found(text)).toMatchObject({ kind: 'proof', end: text.length });
  });

  test.each(['4111,4222,5333', '3111,4223,5333', '3111,4222,533'])(
    'other numbers contradict: %s',
    (numbers) => {
      expect(found(`\r\n+CIPTIMEOUT: ${numbers}\r\n`)).toMatchObject({ kind: 'contradiction' });
    },
  );

  test('any numbers will do where none was ever set', () => {
    const answer = '\r\n+CIPTIMEOUT: 1,2,3\r\n\r\nOK\r\n';
    expect(findAnswer(bytesOf(answer), 0, [undefined, undefined, undefined])).toMatchObject({
      kind: 'proof',
    });
  });

  test('ERROR is one too, and what stands before the place is none', () => {
    expect(found('ab\r\nERROR\r\n')).toEqual({ kind: 'error', end: 11 });
    expect(found('\r\nERROR\r\n', 1)).toBeUndefined();
    expect(found(PROOF, 2)).toBeUndefined();
  });
});

/** What was kept, as `data|lines`: `^` stands where the module was asked. The CR before the proof stays, as padding. */
function taken(
  partsOf: (kept: Kept) => Parts,
  written: string,
  questions = 1,
  expected?: Kept['expected'],
): string {
  const askedAt = Math.max(0, written.indexOf('^'));
  const text = written.replace('^', '');
  const at = text.indexOf('+CIPTIMEOUT') - 1;
  const end = text.indexOf('\r\nOK\r\n', at + 2) + 6;
  const proof = at < 0 ? undefined : { at, end };
  const { data, lines } = partsOf({
    bytes: bytesOf(text),
    proof,
    askedAt,
    questions,
    expected,
  });
  return `${textOf([data])}|${textOf([lines])}`;
}

const OK = '\r\nOK\r\n';
const ERROR = '\r\nERROR\r\n';
const CLOSED = '\r\nCLOSED\r\n';

describe('what was kept while the connection is there', () => {
  test.each([
    ['data ends at the OK of the escape', `a${OK}^${PROOF}URC`, 'a|\rURC'],
    ['of several OK, at the last', `a${OK}b${OK}^${PROOF}`, `a${OK}b|\r`],
    ['also when the proof follows it directly', 'a\r\nOK\r\n^+CIPTIMEOUT: 1,2,3\r\n\r\nOK\r\n', 'a|'],
    ['without an OK, where the module was asked', `a^${ERROR}\r\nRING\r\n${PROOF}`, `a|\r\nRING\r\n\r`],
    ['not after the proof', `a${PROOF.slice(0, 20)}^${PROOF.slice(20)}${OK}`, `a\r|${OK}`],
    ['without a proof, nowhere', `a${OK}b${CLOSED}`, `a${OK}b${CLOSED}|`],
  ])('%s', (_, written, parts) => {
    expect(taken(partsOfOpen, written)).toBe(parts);
  });
});

describe('what was kept when a question was asked twice', () => {
  const AGAIN = `a${OK}${OK}^${PROOF}`;

  test('an OK right before the last one is that of the escape: the first answer has left nothing else', () => {
    expect(taken(partsOfOpen, AGAIN, 2)).toBe('a|\r');
    expect(taken(partsOfOpen, `a${OK}b${OK}^${PROOF}`, 2)).toBe(`a${OK}b|\r`);
    expect(taken(partsOfOpen, `${OK}^${PROOF}`, 2)).toBe('|\r');
  });

  test('it is not where it was asked once', () => {
    expect(taken(partsOfOpen, AGAIN)).toBe(`a${OK}|\r`);
  });

  test('a damaged answer that holds two of the numbers comes after the OK of the escape', () => {
    const damaged = '\r\n+CIPTIMEOUT: 1111,2222,3x33\r\n\r\nOK\r\n';
    const proof = '\r\n+CIPTIMEOUT: 1111,2222,3333\r\n\r\nOK\r\n';
    const text = `a${OK}^late${damaged}${proof}`;
    const at = text.replace('^', '').lastIndexOf('+CIPTIMEOUT') - 1;
    const bytes = bytesOf(text.replace('^', ''));
    const { data, lines } = partsOfOpen({
      bytes,
      proof: { at, end: bytes.length },
      askedAt: text.indexOf('^'),
      questions: 2,
      expected: [1_111, 2_222, 3_333],
    });
    expect([textOf([data]), textOf([lines])]).toEqual(['a', 'late\r']);
  });
});

describe('what was kept when the connection is gone', () => {
  test.each([
    ['that begins with the CLOSED is no data', `${CLOSED}^${PROOF}`, `|${CLOSED}\r`],
    ['that begins with the CLOSED, without a proof, is no data', `${CLOSED}c`, `|${CLOSED}c`],
    ['that begins with the OK of the escape is no data', `${OK}${CLOSED}^${PROOF}`, `|${CLOSED}\r`],
    [
      'another report of the end means nothing after a CLOSED',
      `a${CLOSED}\r\n+IPCLOSE: 0,1\r\n^${PROOF}`,
      `a|${CLOSED}\r\n+IPCLOSE: 0,1\r\n\r`,
    ],
    [
      'also when it begins with that',
      `${CLOSED}\r\n+IPCLOSE: 0,1\r\n^${PROOF}`,
      `|${CLOSED}\r\n+IPCLOSE: 0,1\r\n\r`,
    ],
    [
      'another report of the end is a word of the peer before the OK of the escape',
      `a\r\n+IPCLOSE: 0,1\r\n${OK}^${PROOF}`,
      'a\r\n+IPCLOSE: 0,1\r\n|\r',
    ],
    [
      'another report of the end is none of the data after the OK of the escape',
      `${OK}\r\n+IPCLOSE: 0,1\r\n^${ERROR}${PROOF}`,
      '|\r\n+IPCLOSE: 0,1\r\n\r',
    ],
    [
      'an ERROR that the proof follows directly answers the escape, too',
      `a${OK}${CLOSED}^\r\nERROR\r\n+CIPTIMEOUT: 1,2,3\r\n\r\nOK\r\n`,
      `a${OK}|${CLOSED}\r\nERROR\r`,
    ],
    [
      'a CLOSED that the proof follows directly ends it after such an ERROR',
      `a${OK}^${ERROR}\r\nCLOSED\r\n+CIPTIMEOUT: 1,2,3\r\n\r\nOK\r\n`,
      `a${OK}${ERROR}|\r\nCLOSED\r`,
    ],
    ['data ends at the CLOSED', `a${CLOSED}${PROOF}`, `a|${CLOSED}\r`],
    ['of several, at the last', `a${CLOSED}b${CLOSED}^${PROOF}`, `a${CLOSED}b|${CLOSED}\r`],
    ['without a proof, too', `a${CLOSED}b${CLOSED}c`, `a${CLOSED}b|${CLOSED}c`],
    ['without both there is only data', `a${OK}b`, `a${OK}b|`],
    ['without a CLOSED it ends at the OK of the escape', `a${OK}^${PROOF}`, 'a|\r'],
    ['also when a CLOSED follows', `a${OK}${CLOSED}^${PROOF}`, `a|${CLOSED}\r`],
    [
      'unless that met command mode: ERROR answers it',
      `a${OK}${CLOSED}^${ERROR}${PROOF}`,
      `a${OK}|${CLOSED}\r`,
    ],
    [
      'an ERROR from before the question is a word of the peer',
      `a${ERROR}${OK}^${CLOSED}${PROOF}`,
      `a${ERROR}|${CLOSED}\r`,
    ],
    ['an OK after the CLOSED answers something else', `a${CLOSED}${OK}^${PROOF}`, `a|${CLOSED}\r`],
    [
      'a CLOSED and an ERROR after the proof are of later',
      `a${OK}^${PROOF}${CLOSED}${ERROR}`,
      `a|\r${CLOSED}${ERROR}`,
    ],
  ])('%s', (_, written, parts) => {
    expect(taken(partsOfClosed, written)).toBe(parts);
  });

  test('a CLOSED that the proof follows directly ends it', () => {
    expect(taken(partsOfClosed, 'a\r\nCLOSED\r\n^+CIPTIMEOUT: 1,2,3\r\n\r\nOK\r\n')).toBe('a|\r\nCLOSED\r');
  });
});

describe('what was kept when the link is the next client’s', () => {
  test.each([
    ['none of it is data', `\r\n+IPCLOSE: 1,0\r\n${OK}`, `|\r\n+IPCLOSE: 1,0\r\n${OK}`],
    [
      'the proof and the announced client are left out',
      `${CLOSED}\r\n+CLIENT: 0,0,x\r\n${PROOF}URC`,
      `|${CLOSED}URC`,
    ],
  ])('%s', (_, written, parts) => {
    expect(taken(partsOfReplaced, written)).toBe(parts);
  });
});

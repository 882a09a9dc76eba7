import { describe, expect, test } from 'vitest';
import { bytesOf } from '../../test/world.js';
import { begunMarker, findMarker, lastIndexOf, MARKERS, NEXT_CLIENT } from './markers.js';

const found = (text: string, from = 0) => {
  const marker = findMarker(bytesOf(text), from, MARKERS);
  return marker === undefined ? undefined : [marker.at, marker.end, marker.marker.doubt];
};

describe('a line of the module among data', () => {
  test.each([
    ['a\r\nCLOSED\r\nb', [1, 11, 'closed']],
    ['a\r\n+IPCLOSE: 0,1\r\n', [1, 15, 'closed']],
    ['a\r\n+CIPCLOSE: 0,0', [1, 16, 'closed']],
    ['a\r\n+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY', [1, 28, 'closed']],
    ['a\r\nRDY\r\n', [1, 8, 'restarted']],
    ['a\0\0\r\n*ATREADY: 1', [1, 13, 'restarted']],
    ['\0\r\nRDY\r\n', [0, 8, 'restarted']],
    ['\r\r\nCLOSED\r\n', [1, 11, 'closed']],
  ])('is found where it begins, with the NULs before it (Q-8, Q-28, Q-29): %j', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  test.each(['CLOSED\r\n', '\nCLOSED\r\n', '\r\nCLOSED', '\r\nclosed\r\n', '\r\n+IPCLOSE: 1,1\r\n', ''])(
    'is not what only resembles one: %j',
    (text) => {
      expect(found(text)).toBeUndefined();
    },
  );

  test('is looked for from a place on', () => {
    const text = '\r\nCLOSED\r\n\r\nRDY\r\n';
    expect([found(text), found(text, 1)]).toEqual([
      [0, 10, 'closed'],
      [10, 17, 'restarted'],
    ]);
  });
});

describe('the beginning of such a line at the end of what has come', () => {
  test.each([
    ['data', 0],
    ['data\r', 1],
    ['data\r\n', 2],
    ['data\r\nCLO', 5],
    ['data\r\nCLOSED\r', 9],
    ['data\r\nCLOSER', 0],
    ['data\r\nCLOSER\r\n+IPC', 6],
    ['\r\r', 1],
    ['\r\n\r\n', 2],
    ['\r\n+CIPEVENT: NETWORK CLOSE', 26],
    ['', 0],
  ])('of %j is %i bytes long', (text, count) => {
    expect(begunMarker(bytesOf(text), MARKERS)).toBe(count);
    expect(begunMarker(bytesOf(`${'\r'.repeat(100)}x${text}`), MARKERS)).toBe(count);
  });

  test('may be that of the next client’s report, where one may come', () => {
    const text = bytesOf('\r\n+CLIENT: 0');
    expect(begunMarker(text, MARKERS)).toBe(0);
    expect(begunMarker(text, [...MARKERS, NEXT_CLIENT])).toBe(text.length);
  });
});

test('the last place of a text is one that ends before the limit', () => {
  const data = bytesOf('xABxABx');
  expect([7, 6, 5, 3, 2].map((end) => lastIndexOf(data, bytesOf('AB'), end))).toEqual([4, 4, 1, 1, -1]);
  expect(lastIndexOf(bytesOf('AB'), bytesOf('AB'), 2)).toBe(0);
});

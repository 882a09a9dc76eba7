import { describe, expect, test } from 'vitest';
import { boundaries } from './boundaries.js';
import { sourceOf } from './source.js';

const violations = (path: string, text: string) =>
  boundaries([sourceOf(path, text)]).map(({ line, message }) => `${line}: ${message}`);

describe('the lint step refuses', () => {
  const planted: readonly [what: string, path: string, source: string, reason: RegExp][] = [
    [
      'a package above',
      'packages/at-codec/src/x.ts',
      "import { modem } from '@a7600/tcpip';",
      /may not import/,
    ],
    [
      'a package beside',
      'packages/tcpip/src/x.ts',
      "import { emulator } from '@a7600/testing';",
      /may not import/,
    ],
    [
      'rxjs in the decoder',
      'packages/at-codec/src/decoder/x.ts',
      "import { of } from 'rxjs';",
      /may not import/,
    ],
    [
      'the decoder in the emulator',
      'packages/testing/src/emulator/x.ts',
      "import { createDecoder } from '@a7600/at-codec';",
      /may not import/,
    ],
    [
      'types of the decoder in the emulator',
      'packages/testing/src/emulator/x.ts',
      "import type { Line } from '@a7600/at-codec';",
      /may not import/,
    ],
    [
      'a deep import',
      'packages/tcpip/src/x.ts',
      "import { x } from '@a7600/transport/src/receive-queue.js';",
      /may not/,
    ],
    [
      'a Node built-in',
      'packages/tcpip/src/x.ts',
      "import { createServer } from 'node:net';",
      /may not import/,
    ],
    ['a dynamic import', 'packages/tcpip/src/x.ts', "const fs = import('node:fs');", /may not import/],
    [
      'an import type',
      'packages/at-codec/src/x.ts',
      "type S = import('rxjs').Observable<1>;",
      /may not import/,
    ],
    [
      'a way out of the package',
      'packages/tcpip/src/x.ts',
      "import x from '../../transport/src/x.js';",
      /leaves/,
    ],
    ['a promise', 'packages/transport/src/x.ts', 'const x = new Promise(() => {});', /Promise/],
    ['a promise type', 'packages/transport/src/x.ts', 'export type X = Promise<void>;', /Promise/],
    ['an async function', 'packages/transport/src/x.ts', 'const x = async () => 1;', /no promises/],
    ['an ambient timer', 'packages/tcpip/src/x.ts', 'setTimeout(() => {}, 1);', /injected scheduler/],
    ['an ambient clock', 'packages/tcpip/src/x.ts', 'const now = Date.now();', /scheduler\.now/],
    ['ambient chance', 'packages/testing/src/x.ts', 'const x = Math.random();', /seeded/],
    ['a global of Node', 'packages/at-codec/src/x.ts', "const x = Buffer.from('x');", /Uint8Array/],
    ['a file of no zone', 'packages/other/src/x.ts', '', /no zone/],
  ];

  test.each(planted)('%s', (_, path, source, reason) => {
    expect(violations(path, source)).toEqual([expect.stringMatching(reason)]);
  });
});

describe('the lint step allows', () => {
  const fine: readonly [what: string, path: string, source: string][] = [
    ['what a package declares', 'packages/tcpip/src/x.ts', "import { pump } from '@a7600/transport';"],
    ['promises at the edge', 'packages/transport/src/serialport/x.ts', 'export const x = async () => 1;'],
    ['members with a global name', 'packages/tcpip/src/x.ts', 'const x = { process: 1 }; x.process;'],
    ['a file of a lower layer', 'packages/tcpip/src/sockets/x.ts', "import { y } from '../lane/y.js';"],
  ];

  test.each(fine)('%s', (_, path, source) => {
    expect(violations(path, source)).toEqual([]);
  });
});

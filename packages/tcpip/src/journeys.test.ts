import { readFileSync } from 'node:fs';
import { csq } from '@a7600/at-codec';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connected } from '../test/fixtures.js';
import { bytesOf, observe, world, write } from '../test/world.js';

const DOCUMENT = readFileSync(new URL('../../../ARCHITECTURE.md', import.meta.url), 'utf8');

/** One step: a file that the journey passes, and the functions of it that are on the stack. */
interface Step {
  readonly file: string;
  readonly functions: string[];
}

/** The steps that a journey's list in ARCHITECTURE.md names. */
function documented(title: string): { readonly name: string; readonly file: string }[] {
  const section = DOCUMENT.split(/^#+ /m).find((text) => text.startsWith(`${title}\n`)) ?? '';
  return [...section.matchAll(/^\d+\. `([^`]+)` \(`([^`]+)`\)/gm)].map(([, name = '', file = '']) => ({
    name,
    file,
  }));
}

/** The way from the port, or from the caller, to where this is called; what the decoder does inside counts as one step. */
function way(): Step[] {
  const frames = (new Error().stack ?? '')
    .split('\n')
    .slice(2)
    .flatMap((line) => {
      const [, name = '', path = ''] =
        /at (?:async )?(.*?) ?\(?((?:file:\/\/)?\/[^)]*):\d+:\d+\)?$/.exec(line) ?? [];
      const file = /\/packages\/(.*)$/.exec(path)?.[1]?.replace(/(at-codec\/src\/decoder)\/.*/, '$1');
      return file === undefined || path.includes('node_modules') ? [] : [{ name, file }];
    });
  const steps: Step[] = [];
  for (const [at, { name, file }] of frames.entries()) {
    // The emulator and the pair of links before it stand for the port.
    const isPort = /^testing\/|direct-pair/.test(file) || /direct-pair/.test(frames[at + 1]?.file ?? '');
    // So does the trace, which looks on, and is called so that it cannot throw.
    const isOutside = isPort || /\.test\.ts|^tcpip\/test\/|base\/isolated/.test(file);
    if (isOutside && steps.length > 0) break;
    if (isOutside) continue;
    if (steps[0]?.file === file) steps[0].functions.push(name);
    else steps.unshift({ file, functions: [name] });
  }
  return steps;
}

/** How often a way comes back to a file that it has left. */
function returns(steps: readonly Step[]): number {
  return steps.length - new Set(steps.map(({ file }) => file)).size;
}

function expectJourney(title: string, steps: readonly Step[]): void {
  const list = documented(title);
  expect(steps.map(({ file }) => file)).toEqual(list.map(({ file }) => file));
  for (const [at, { name }] of list.entries()) {
    expect(steps[at]?.functions.map((text) => text.split('.').at(-1)?.replace(/ .*/, ''))).toContain(name);
  }
  expect(steps.length).toBeLessThanOrEqual(10);
  expect(returns(steps)).toBeLessThanOrEqual(1);
}

function setUp() {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = 200;
  onTestFinished(() => {
    Error.stackTraceLimit = before;
  });
  const sent: Step[][] = [];
  const w = world(
    {},
    {
      onMistake: undefined,
      fullTrace: ({ kind }) => {
        if (kind !== 'received') sent.push(way());
      },
    },
  );
  const { network, socket, far } = connected(w);
  sent.length = 0;
  return { w, modem: network.modem.last, socket: socket.last, far, sent };
}

describe('the way that ARCHITECTURE.md describes is the one that is taken by', () => {
  test('a received chunk', () => {
    const { w, socket, far } = setUp();
    const arrived: Step[][] = [];
    socket.received$.subscribe(() => arrived.push(way()));
    write(far, 'x');
    w.advance(100);
    expectJourney('A received chunk', arrived[0] ?? []);
  });

  test('a write', () => {
    const { w, socket, sent } = setUp();
    const confirmed: Step[][] = [];
    socket.write(bytesOf('x')).subscribe({ complete: () => confirmed.push(way()) });
    w.advance(100);
    expectJourney('A write: the command', sent[0] ?? []);
    expectJourney('A write: the payload', sent[1] ?? []);
    expectJourney('A write: the confirmation', confirmed[0] ?? []);
  });

  test('a typed command', () => {
    const { w, modem, sent } = setUp();
    const answered: Step[][] = [];
    modem.run(csq()).subscribe(() => answered.push(way()));
    w.advance(100);
    expectJourney('A typed command: the question', sent[0] ?? []);
    expectJourney('A typed command: the answer', answered[0] ?? []);
  });

  test('+IPCLOSE', () => {
    const { w, socket, far, sent } = setUp();
    const [told, ended]: [Step[][], Step[][]] = [[], []];
    socket.ended$.subscribe(() => told.push(way()));
    socket.received$.subscribe({ complete: () => ended.push(way()) });
    w.advance(100);
    sent.length = 0;
    observe(far.close());
    w.advance(100);
    expectJourney('+IPCLOSE: the question', sent[0] ?? []);
    expectJourney('+IPCLOSE: the proof', told[0] ?? []);
    expectJourney('+IPCLOSE: the last read', sent[1] ?? []);
    expectJourney('+IPCLOSE: the end', ended[0] ?? []);
  });
});

test('a way that is not the documented one is noticed', () => {
  expect(documented('A received chunk').length).toBeGreaterThan(3);
  expect(() => expectJourney('A received chunk', [])).toThrow();
});

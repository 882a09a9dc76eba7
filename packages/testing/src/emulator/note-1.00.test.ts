import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bytesOf, type Console, now, observe, open, textOf } from '../../test/console.js';
import { type Printed, parseTranscript, type Step } from '../../test/transcript.js';
import type { MemoryConnection } from '../networks/memory/tcp-pair.js';
import { note100 } from './profiles/note-1.00.js';

const folder = new URL('../../test/note-1.00/', import.meta.url);
const sessions = readdirSync(folder)
  .filter((name) => name.endsWith('.txt'))
  .sort();

describe.each([
  ['off', false],
  ['on', true],
])('application note 1.00, echo %s', (_, echo) => {
  test.each(sessions)('%s', (name) => {
    const steps = parseTranscript(readFileSync(new URL(name, folder), 'utf8'));
    expect(steps.some(({ kind }) => kind === 'print')).toBe(true);
    play(steps, echo);
  });
});

const ADDRESS = '10.148.0.17';

/** The peers that the module talks to. */
interface Peer {
  /** What it has heard since the last time it was asked. */
  heard: string;
  say(text: string): void;
}

/** Plays a transcript, and compares what is printed up to each line that is no `<`. */
function play(steps: readonly Step[], echo: boolean): void {
  const console = open({ profile: note100, echo, address: ADDRESS });
  const peer: Peer = { heard: '', say: () => {} };
  let printed = '';
  let expected = '';
  for (const step of steps) {
    if (step.kind === 'print') {
      expected += step.text;
      continue;
    }
    expect(printed + console.printed()).toBe(expected);
    expected = step.kind === 'type' && echo ? step.text : '';
    printed = act(step, console, peer) + console.wait(0);
  }
  expect(printed + console.printed()).toBe(expected);
}

/** Does what a step says; returns what the module has printed at once. */
function act(step: Exclude<Step, Printed>, console: Console, peer: Peer): string {
  const { outside } = console;
  const talkTo = (connection: MemoryConnection) => {
    connection.received$.subscribe((bytes) => (peer.heard += textOf(bytes)));
    peer.say = (text) => observe(connection.write(bytesOf(text)));
  };
  switch (step.kind) {
    case 'type':
    case 'data':
      return console.type(step.text);
    case 'wait':
      return console.wait(step.ms);
    case 'say':
      peer.say(step.text);
      return '';
    case 'heard':
      expect(peer.heard).toBe(step.text);
      peer.heard = '';
      return '';
    case 'serve':
      outside.serve(step.host, step.port).subscribe(talkTo);
      return '';
    case 'call':
      outside.host(step.host).connect({ host: ADDRESS, port: step.to }, step.port).subscribe(talkTo);
      return '';
    case 'bind': {
      const socket = now(outside.host(step.host).bind(step.port));
      socket.received$.subscribe(({ bytes }) => (peer.heard += textOf(bytes)));
      peer.say = (text) => observe(socket.send(bytesOf(text), { host: ADDRESS, port: 5000 }));
      return '';
    }
  }
}

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { emulator } from '@a7600/testing';
import { firstValueFrom, Subscription } from 'rxjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { held } from '../../test/online.js';
import { modem } from '../modem/open-modem.js';
import { diagnosticsChannels, withDiagnostics } from './diagnostics.js';

let open = new Subscription();
beforeEach(() => {
  open = new Subscription();
});
afterEach(() => open.unsubscribe());

/** What is published on a channel until the test ends. */
function published(name: string): Record<string, unknown>[] {
  const messages: Record<string, unknown>[] = [];
  const listener = (message: unknown) => messages.push(message as Record<string, unknown>);
  subscribe(name, listener);
  open.add(() => unsubscribe(name, listener));
  return messages;
}

test('publishes commands, answers and states, with the name of the modem', async () => {
  const commands = published(diagnosticsChannels.command);
  const received = published(diagnosticsChannels.received);
  const states = published(diagnosticsChannels.state);
  const opened = await held(open, modem(emulator(), withDiagnostics({}, 'north')));
  await firstValueFrom(opened.raw('AT+CSQ'));
  expect(commands.at(-1)).toMatchObject({
    kind: 'command',
    text: 'AT+CSQ',
    name: 'north',
    at: expect.any(Number),
  });
  expect(received.some(({ event }) => (event as { text?: string }).text === '+CSQ: 23,0')).toBe(true);
  expect(states.at(-1)).toMatchObject({ step: 'ready', name: 'north' });
});

test('the trace and the states of the caller are called, too, and nothing is published without a subscriber', async () => {
  const seen: string[] = [];
  const options = withDiagnostics({
    fullTrace: ({ kind }) => seen.push(kind),
    onState: ({ step }) => seen.push(step),
  });
  await held(open, modem(emulator(), options));
  expect(seen).toEqual(expect.arrayContaining(['command', 'received', 'ready']));
  const late = published(diagnosticsChannels.command);
  expect(late).toEqual([]);
});

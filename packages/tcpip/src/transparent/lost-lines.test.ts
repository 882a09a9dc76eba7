import { describe, expect, test } from 'vitest';
import { worldOf } from '../../test/sessions/program.js';
import type { Ports } from '../../test/sessions/script.js';
import { type Observed, observe, textOf, type World, write } from '../../test/world.js';
import type { TransparentSession } from './transparent-session.js';

const PORT = 7;

/** A transparent server, its sessions and what each receives. */
function served(ports: Ports) {
  const w = worldOf({ timing: 'recorded', seed: 1, rates: {}, ports });
  const modem = observe(w.modem$);
  w.advance(5_000);
  const network = observe(modem.last.network({ transparent: true }));
  w.advance(5_000);
  const sessions: { readonly session: TransparentSession; readonly received: Observed<Uint8Array> }[] = [];
  network.last.transparent({ listen: PORT }).subscribe((session) => {
    sessions.push({ session, received: observe(session.received$) });
  });
  w.advance(2_000);
  return { w, modem, sessions };
}

function call(w: World, port: number) {
  const { last } = observe(w.module.control.callIn(PORT, { host: '10.0.0.1', port }));
  w.advance(2_000);
  return last;
}

const received = ({ received: { values } }: { readonly received: Observed<Uint8Array> }) => textOf(values);

describe('a server for transparent connections', () => {
  test.each<Ports>(['one', 'two'])('with %s port(s), is started again when it has gone', (ports) => {
    const { w, sessions } = served(ports);
    w.module.control.otherProgram('AT+SERVERSTOP=0');
    w.advance(130_000);
    expect(w.module.control.openServers).toBe(1);
    write(call(w, 50_000), 'hello');
    w.advance(2_000);
    expect(sessions.map(received)).toEqual(['hello']);
  });

  test('whose CLOSED is lost gives the next client a session of its own where the data has a port', () => {
    const { w, sessions } = served('two');
    const first = call(w, 50_000);
    w.module.control.faults.next('lostLine', { line: /^CLOSED/ });
    observe(first.close());
    w.advance(5_000);
    const second = call(w, 50_001);
    write(second, 'x'.repeat(5_000));
    w.advance(10_000);
    expect(sessions.map(received)).toEqual(['', 'x'.repeat(5_000)]);
    expect(sessions[0]?.received.end).toBe('complete');
  });

  test('whose CLOSED is lost closes the next client where the line is shared: nothing of it reaches the first session', () => {
    const { w, sessions } = served('one');
    const first = call(w, 50_000);
    w.module.control.faults.next('lostLine', { line: /^CLOSED/ });
    observe(first.close());
    w.advance(5_000);
    const second = call(w, 50_001);
    const heard = observe(second.received$);
    write(second, 'x'.repeat(5_000));
    w.advance(30_000);
    expect(sessions.map(received)).toEqual(['']);
    expect([sessions[0]?.received.end, heard.end]).not.toContain('open');
    write(call(w, 50_002), 'hello');
    w.advance(2_000);
    expect(sessions.map(received)).toEqual(['', 'hello']);
  });
});

test.each<Ports>(['one', 'two'])(
  'with %s port(s), one damaged answer does not end a connection, and no command reaches its peer',
  (ports) => {
    const { w, modem, sessions } = served(ports);
    const client = call(w, 50_000);
    const heard = observe(client.received$);
    w.module.control.faults.next('wrongLink', { line: /^\+CIPOPEN: 0,/ });
    w.advance(150_000);
    write(client, 'still here');
    w.advance(2_000);
    expect(sessions.map(received)).toEqual(['still here']);
    expect([textOf(heard.values), heard.end, modem.end]).toEqual(['', 'open', 'open']);
  },
);

test('clients that come every six seconds are all served on a shared line: only one peer is to wait for the next question', () => {
  const { w, sessions } = served('one');
  const words = ['one', 'two', 'three', 'four'];
  for (const [index, word] of words.entries()) {
    const client = call(w, 50_000 + index);
    write(client, word);
    observe(client.close());
    w.advance(4_000);
  }
  expect(sessions.map(received)).toEqual(words);
});

test('a question after silence does not put off the one that an end asks for', () => {
  const { w, modem, sessions } = served('one');
  const client = call(w, 50_000);
  const asked = () => w.commands.filter((command) => command === '+++').length;
  while (asked() === 0) w.advance(1_000);
  w.advance(3_000);
  observe(client.close());
  w.advance(4_000);
  expect([sessions[0]?.received.end, modem.end]).toEqual(['complete', 'open']);
});

test('what the module answers to data, because it has left data mode without a word, is not delivered', () => {
  const { w, sessions } = served('one');
  const first = call(w, 50_000);
  w.module.control.faults.next('lostLine', { line: /^CLOSED/ });
  observe(first.close());
  w.advance(5_000);
  write((sessions[0] as (typeof sessions)[0]).session, 'temperature 21\r');
  w.advance(20_000);
  expect(sessions.map(received)).toEqual(['']);
  expect(sessions[0]?.received.end).toBe('complete');
});

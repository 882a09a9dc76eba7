import { csq } from '@a7600/at-codec';
import { expect, test } from 'vitest';
import { caller, listening } from '../../test/fixtures.js';
import { errorOf, observe, openNetwork, textOf, world, write } from '../../test/world.js';

const INTERVAL = 60_000;

test('CONNECT that comes unasked ends neither the modem nor a socket on link 0 (application note, 1.6)', () => {
  const w = world();
  const { network, clients } = listening(w);
  const client = caller(w);
  w.advance(100);
  expect(clients.last.link).toBe(0);
  const received = observe(clients.last.received$);
  w.module.control.report('CONNECT 115200');
  write(client.link, 'hello');
  const asked = observe(network.modem.last.run(csq()));
  w.advance(10_000);
  expect([asked.end, textOf(received.values), received.end]).toEqual(['complete', 'hello', 'open']);
  expect([network.modem.end, network.end]).toEqual(['open', 'open']);
});

/** Another program closes the network, and opens it in another mode. */
function reopen({ module: { control }, advance }: ReturnType<typeof world>, mode: 0 | 1): void {
  for (const line of ['AT+NETCLOSE', `AT+CIPMODE=${mode}`, 'AT+NETOPEN']) {
    control.otherProgram(line);
    advance(10);
  }
}

test('a network that another program has opened in transparent mode ends within two intervals', () => {
  const w = world();
  const { network } = listening(w);
  reopen(w, 1);
  w.advance(2 * INTERVAL);
  expect(errorOf(network)?.code).toBe('NETWORK_CHANGED');
});

test('a transparent network that another program has opened in command mode ends within two intervals', () => {
  const w = world();
  const network = openNetwork(w, { transparent: true });
  observe(network.last.transparent({ listen: 7 }));
  w.advance(10_000);
  reopen(w, 0);
  w.advance(2 * INTERVAL);
  expect(errorOf(network)?.code).toBe('NETWORK_CHANGED');
});

test('where it was set back meanwhile, the connections that are made in the other mode show it', () => {
  const w = world();
  const { network, clients } = listening(w);
  reopen(w, 1);
  w.module.control.otherProgram('AT+CIPMODE=0');
  w.advance(2 * INTERVAL);
  expect(network.end).toBe('open');
  for (const _ of [1, 2]) {
    caller(w);
    w.advance(10_000);
  }
  expect(errorOf(network)?.code).toBe('NETWORK_CHANGED');
  expect(errorOf(clients)?.code).toBe('NETWORK_CHANGED');
});

test('where only the setting was changed, the network stays, and it is set again', () => {
  const w = world();
  const { network } = listening(w);
  w.module.control.otherProgram('AT+CIPMODE=1');
  w.advance(2 * INTERVAL);
  expect([network.end, w.commands.includes('AT+CIPMODE=0')]).toEqual(['open', true]);
});

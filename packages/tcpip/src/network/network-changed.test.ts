import { beforeEach, describe, expect, test } from 'vitest';
import { networkWatchRig } from '../../test/network-watch-rig.js';
import { errorOf } from '../../test/world.js';
import type { Servers } from '../sockets/servers.js';
import type { Discrepancy } from '../watch/discrepancy.js';

const ELSEWHERE =
  'Another program has sent what the module reports and pushes to another port (AT+CATR), so that received data was ' +
  'lost. Open the network again.';

let { watch, network, discrepancies, asked, beliefs } = networkWatchRig(60_000);
beforeEach(() => {
  ({ watch, network, discrepancies, asked, beliefs } = networkWatchRig(60_000));
});

describe('the port to which the module pushes', () => {
  const CHANGED: Discrepancy = { kind: 'setting', name: 'AT+CATR', action: 'set again' };

  test('was another one: data was lost where it is pushed', () => {
    watch.watchReceiving(false);
    discrepancies.next(CHANGED);
    expect(errorOf(network)).toMatchObject({ code: 'NETWORK_CHANGED', message: ELSEWHERE });
  });

  test.each<[string, boolean, Discrepancy]>([
    ['data is kept until it is read', true, CHANGED],
    ['another setting was changed', false, { kind: 'setting', name: 'AT+CSCLK', action: 'set again' }],
    ['something else was found', false, { kind: 'another program', action: 'left alone', pause: 1 }],
  ])('does not matter where %s', (_, buffered, found) => {
    watch.watchReceiving(buffered);
    discrepancies.next(found);
    expect(network.end).toBe('open');
  });

  test('is watched no longer once the network is closed', () => {
    watch.watchReceiving(false);
    watch.stop().subscribe();
    expect(discrepancies.observed).toBe(false);
  });
});

describe('connections of a network with a transparent link', () => {
  test('that were announced and not made, twice in a row, show that it was opened again', () => {
    watch.watchMode(true);
    watch.transparentConnection(false);
    watch.transparentConnection(true);
    watch.transparentConnection(false);
    expect([network.end, asked]).toEqual(['open', ['AT+CIPMODE?', 'AT+CIPMODE?']]);
    watch.transparentConnection(false);
    expect(errorOf(network)?.code).toBe('NETWORK_CHANGED');
  });

  test.each([true, false])('say nothing before the network is open: made %o', (isMade) => {
    watch.transparentConnection(isMade);
    watch.transparentConnection(isMade);
    expect(network.end).toBe('open');
  });
});

test('a list that may be empty shows nothing by its OK, which another module could give', () => {
  watch.keep('10.0.0.2', { size: 0 } as Servers, undefined);
  expect([...beliefs].map(({ isTelling }) => isTelling)).toEqual([true, false, false]);
});

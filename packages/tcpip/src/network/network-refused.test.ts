import type { Behaviour } from '@a7600/testing';
import { describe, expect, test } from 'vitest';
import { errorOf, observe, readyModem, world } from '../../test/world.js';

describe('a network that the module refuses to open', () => {
  test('names what is set, the registration and the signal', () => {
    const refuse: Behaviour = {
      command: '+NETOPEN',
      read: () => ({ units: [{ parts: ['+NETOPEN: 0'] }], result: 'OK' }),
      execute: () => ({ units: [{ parts: ['+NETOPEN: 1'] }], result: 'ERROR' }),
    };
    const w = world({ behaviours: [refuse] });
    const network = observe(readyModem(w).last.network({ apn: 'wrong.apn', pdpType: 'IPV6' }));
    w.advance(10_000);
    expect(errorOf(network)).toMatchObject({ code: 'NETWORK_REFUSED', number: 1 });
    expect(errorOf(network)?.message).toMatch(
      /could not open the network\. It is set to APN "wrong\.apn" and PDP type IPV6\. Not every network gives IPv6 addresses\. Registration: registered.*\. Signal: \d+ of 31\..*\+NETOPEN: 1.*Check the APN/,
    );
  });
});

import { AtError, type Command } from '@a7600/at-codec';
import type { Behaviour } from '@a7600/testing';
import { type Observable, of, throwError } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { errorOf, observe, readyModem, world } from '../../test/world.js';
import { networkRefused } from './network-refused.js';

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

describe('what is asked when the network was refused', () => {
  const refusal = new AtError('SOCKET_ERROR', 'refused', {
    number: 1,
    answer: '+NETOPEN: 1',
    command: 'AT+NETOPEN',
  });
  /** A module that answers with these values, and refuses what has none. */
  const answering =
    (values: Readonly<Record<string, unknown>>) =>
    <R>({ text }: Command<R>): Observable<R> =>
      text in values ? of(values[text] as R) : throwError(() => new AtError('REFUSED', 'no'));
  const told = (values: Readonly<Record<string, unknown>>, error: unknown = refusal) =>
    errorOf(observe(networkRefused(answering(values), error)));
  const ADVICE = 'Check the APN and the PDP type with the provider of the SIM first.';

  test('is told as far as the module answers', () => {
    expect(told({})?.message).toBe(
      `The module could not open the network. It answered "+NETOPEN: 1". ${ADVICE}`,
    );
    const contexts = [
      { cid: 2, type: 'IP', apn: 'other' },
      { cid: 1, type: 'IP', apn: 'internet' },
    ];
    expect(
      told({ 'AT+CGDCONT?': contexts, 'AT+CEREG?': { stat: 3 }, 'AT+CSQ': { rssi: 99, ber: 99 } })?.message,
    ).toBe(
      'The module could not open the network. It is set to APN "internet" and PDP type IP. Registration: ' +
        `registration denied by the network. Signal: unknown. It answered "+NETOPEN: 1". ${ADVICE}`,
    );
    expect(told({ 'AT+CGDCONT?': [], 'AT+CSQ': {} })?.message).toBe(
      'The module could not open the network. No PDP context is defined: give an `apn`. It answered ' +
        `"+NETOPEN: 1". ${ADVICE}`,
    );
  });

  test('keeps what the module said', () => {
    expect(told({})).toMatchObject({
      number: 1,
      answer: '+NETOPEN: 1',
      command: 'AT+NETOPEN',
      cause: refusal,
    });
    expect(told({}, new AtError('REFUSED', 'no'))).toMatchObject({ number: undefined, command: undefined });
  });

  test.each([
    ['of the program', new AtError('INVALID_ARGUMENT', 'a mistake')],
    ['that is not the module’s', new Error('the modem was closed')],
  ])('is nothing for an error %s, which is passed on', (_, error) => {
    expect(observe(networkRefused(answering({}), error)).end).toEqual({ error });
  });
});

import { type Command, commandBytes } from '@a7600/at-codec';
import { describe, expect, test } from 'vitest';
import { textOf } from '../../test/world.js';
import { BUFFERED, CONFIGURATION, CONTEXT, HEADERS, SENDERS, TRANSPARENT } from './settings.js';

const line = (command: Command) => textOf([commandBytes(command)]).trim();

test.each([
  [BUFFERED, 'AT+CIPRXGET=1', 'AT+CIPRXGET=0'],
  [HEADERS, 'AT+CIPHEAD=1', 'AT+CIPHEAD=0'],
  [SENDERS, 'AT+CIPSRIP=1', 'AT+CIPSRIP=0'],
  [TRANSPARENT, 'AT+CIPMODE=1', 'AT+CIPMODE=0'],
])('a setting that is on or off: %#', (setting, on, off) => {
  expect([line(setting.write(true)), line(setting.write(false))]).toEqual([on, off]);
  expect([setting.same(true, true), setting.same(true, false)]).toEqual([true, false]);
  expect(line(setting.read)).toBe(`${setting.name}?`);
});

describe('the PDP context', () => {
  const context = { apn: 'Internet', type: 'IP' } as const;

  test('is that of the socket service', () => {
    expect(line(CONTEXT.write(context))).toBe('AT+CGDCONT=1,"IP","Internet"');
  });

  test('is the same when type and access point are, whatever their case', () => {
    expect(CONTEXT.same(context, { apn: 'INTERNET', type: 'IP' })).toBe(true);
    expect(CONTEXT.same(context, { apn: 'internet2', type: 'IP' })).toBe(false);
    expect(CONTEXT.same(context, { apn: 'Internet', type: 'IPV6' })).toBe(false);
    expect(CONTEXT.same(context, undefined)).toBe(false);
    expect(CONTEXT.same(undefined, context)).toBe(false);
    expect(CONTEXT.same(undefined, undefined)).toBe(true);
  });
});

test('a configuration is as wanted when each wanted field is', () => {
  const now = { retries: 10, delay: 0, errorsInWords: true, linkInHeader: true } as never;
  expect(CONFIGURATION.same(now, { errorsInWords: true } as never)).toBe(true);
  expect(CONFIGURATION.same(now, { errorsInWords: true, linkInHeader: false } as never)).toBe(false);
});

import { expect, test } from 'vitest';
import { commandsOf } from './command-line.js';

test.each([
  ['AT', []],
  ['AT+CSQ', [['+CSQ']]],
  ['at+csq;+creg?', [['+CSQ'], ['+CREG']]],
  ['AT+CNMI=2,2', [['+CNMI', '2', '2']]],
  ['AT +CNMI = 2 , 2 ', [['+CNMI', '2', '2']]],
  ['AT+CNMI=?;+CMGF=1', [['+CNMI'], ['+CMGF', '1']]],
  ['AT+CIPTIMEOUT=,15000,', [['+CIPTIMEOUT', '', '15000', '']]],
  ['AT+CGDCONT=2,"IP","a;b, C"; +CSQ', [['+CGDCONT', '2', '"IP"', '"a;b, C"'], ['+CSQ']]],
  ['ATE0+CSQ', [['E', '0'], ['+CSQ']]],
  ['ATE0V1&F;S3=13+CMEE=2', [['E', '0'], ['V', '1'], ['&F'], ['S3', '13'], ['+CMEE', '2']]],
  ['ATI;+CSQ', [['I'], ['+CSQ']]],
  ['ATD+491700009;+CSQ', [['D', '+491700009;'], ['+CSQ']]],
  ['ATD*99#', [['D', '*99#']]],
  ['ATDT*99***1#E1', [['D', 'T*99***1#E1']]],
  ['AT*REJCAUSE?', [['*REJCAUSE']]],
  ['AT+CUSD=1,"*100#', [['+CUSD', '1', '"*100#']]],
])('%s', (text, commands) => {
  const read = commandsOf(text).map(({ name, values }) => [name, ...values]);
  expect(read).toEqual(commands);
});

test('the form of each command', () => {
  const forms = commandsOf('ATI+CSQ;+CREG?;+CNMI=?;+CNMI=2;S3=13').map(({ form }) => form);
  expect(forms).toEqual(['execute', 'execute', 'read', 'test', 'set', 'set']);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hideSecrets } from './hide-secrets.js';

test.each([
  ['AT+CPIN="1234"', 'AT+CPIN="████"'],
  ['at+cpin=1234', 'at+cpin=████'],
  ['AT+CPIN="12345678","1234"', 'AT+CPIN="████████","████"'],
  ['AT+CPIN = "12;34"', 'AT+CPIN = "█████"'],
  ['AT+CMEE=2;+CPIN="1234";+CSQ', 'AT+CMEE=2;+CPIN="████";+CSQ'],
  ['AT+CLCK="SC",2', 'AT+CLCK="SC",2'],
  ['AT+CLCK="SC",1,"1234"', 'AT+CLCK="SC",1,"████"'],
  ['AT+CGAUTH=1,2,"pass","me"', 'AT+CGAUTH=1,2,"████","██"'],
  // What has no secret stays as it is.
  ['AT+CPIN?', 'AT+CPIN?'],
  ['AT+CPIN=?', 'AT+CPIN=?'],
  ['AT+CIPOPEN=0,"TCP","example.com",80', 'AT+CIPOPEN=0,"TCP","example.com",80'],
  ['ATE0', 'ATE0'],
])('%s is shown as %s', (text, shown) => {
  expect(hideSecrets(text)).toBe(shown);
});

test('a PIN is never shown, whatever stands around it', () => {
  const around = fc.constantFrom('', 'E0', '+CSQ;', '+CMEE=2;', '+CLCK="SC",2;', '+CSTT="a";');
  fc.assert(
    fc.property(around, fc.stringMatching(/^[0-9]{4,8}$/), fc.boolean(), (before, pin, isQuoted) => {
      const text = `AT${before}+CPIN=${isQuoted ? `"${pin}"` : pin}`;
      const shown = hideSecrets(text);
      expect(shown).toHaveLength(text.length);
      expect(shown.slice(text.indexOf('+CPIN'))).not.toMatch(/\d/);
    }),
  );
});

import { cipOpen, csq } from '@a7600/at-codec';
import { expect, test } from 'vitest';
import { dataPortSilent, moduleSilent, notAnswered } from './failures.js';

test('a command that is not answered names itself and its link, and what may be the cause', () => {
  expect(notAnswered(csq())).toMatchObject({
    code: 'TIMEOUT',
    command: 'AT+CSQ',
    message:
      'AT+CSQ was not answered in time. The module may be busy or have restarted; the state of what the command ' +
      'was about is unknown.',
  });
  expect(notAnswered(csq()).link).toBeUndefined();
  expect(notAnswered(cipOpen({ link: 3, host: 'a.b', port: 1 }))).toMatchObject({ link: 3 });
});

test('a command whose final result is missing tells what it was answered', () => {
  const heard = [{ text: '+XA: 1' }, { text: 'DOWNLOAD' }];
  expect(notAnswered(csq(), 0, heard)).toMatchObject({
    answer: '+XA: 1 / DOWNLOAD',
    message: expect.stringContaining('had no final result in time (the module answered "+XA: 1 / DOWNLOAD")'),
  });
});

test.each([
  [0, 'The module may be busy'],
  [2, 'The module may sleep (AT+CSCLK is 2) and miss what it is sent, be busy'],
])('with AT+CSCLK=%i, the cause is: %s', (sleepMode, cause) => {
  expect(notAnswered(csq(), sleepMode).message).toContain(cause);
});

test('a port that does not answer AT is told apart from a module that does not', () => {
  expect(moduleSilent()).toMatchObject({ code: 'MODULE_SILENT' });
  expect(moduleSilent().message).toBe(
    'The module does not answer "AT". Check its power, the port (an A7600 has several, one of them takes AT ' +
      'commands) and the baud rate.',
  );
  expect(dataPortSilent()).toMatchObject({ code: 'MODULE_SILENT' });
  expect(dataPortSilent().message).toBe(
    'The port for data does not answer "AT", although the one for commands does. Check that both belong to the same ' +
      'module and take AT commands, and that no other program uses the port.',
  );
});

import type { Command, Line } from '@a7600/at-codec';
import { ModemError } from '../base/errors.js';

/**
 * A command had no answer, or no outcome, in the time that the manual allows.
 *
 * @param sleepMode `AT+CSCLK`; a module that sleeps loses the first bytes that it is sent
 * @param heard the lines that came of its answer
 */
export function notAnswered(
  { label, link }: Command,
  sleepMode = 0,
  heard: readonly Pick<Line, 'text'>[] = [],
): ModemError {
  const reason =
    sleepMode === 0
      ? 'The module may be busy or have restarted'
      : `The module may sleep (AT+CSCLK is ${sleepMode}) and miss what it is sent, be busy or have restarted`;
  const answer = heard.length === 0 ? undefined : heard.map(({ text }) => text).join(' / ');
  const answered =
    answer === undefined
      ? `${label} was not answered in time`
      : `${label} had no final result in time (the module answered "${answer}")`;
  const message = `${answered}. ${reason}; the state of what the command was about is unknown.`;
  return new ModemError('TIMEOUT', message, { command: label, link, answer });
}

/**
 * The module does not even answer `AT`.
 *
 * @param sleepMode `AT+CSCLK`, as it was last
 * @param explanation what else may be the cause, as a sentence
 */
export function moduleSilent(sleepMode = 0, explanation = ''): ModemError {
  const sleep =
    sleepMode === 0
      ? ''
      : ` It may sleep: AT+CSCLK is ${sleepMode}, so ${sleepMode === 1 ? 'DTR' : 'a byte'} has to wake it.`;
  return new ModemError(
    'MODULE_SILENT',
    `The module does not answer "AT".${explanation}${sleep} Check its power, the port (an A7600 has several, one of ` +
      'them takes AT commands) and the baud rate.',
  );
}

/** Results come, and no answer that says more than `OK`. */
export function moduleMute(): ModemError {
  return new ModemError(
    'MODULE_SILENT',
    'The module answers nothing that it is asked, although results such as OK come. It may not hear what is sent, and ' +
      'something else may print them. Check the line from the host to the module.',
  );
}

/** The port for commands answers, the one for data does not. */
export function dataPortSilent(): ModemError {
  return new ModemError(
    'MODULE_SILENT',
    'The port for data does not answer "AT", although the one for commands does. Check that both belong ' +
      'to the same module and take AT commands, and that no other program uses the port.',
  );
}

import type { Command } from '@a7600/at-codec';
import { ModemError } from '../base/errors.js';

/** A command had no answer, or no outcome, in the time that the manual allows. */
export function notAnswered({ label, link }: Command): ModemError {
  const message =
    `${label} was not answered in time. The module may be busy or have restarted; the state ` +
    'of what the command was about is unknown.';
  return new ModemError('TIMEOUT', message, { command: label, ...(link === undefined ? {} : { link }) });
}

/** The module does not even answer `AT`. */
export function moduleSilent(): ModemError {
  return new ModemError(
    'MODULE_SILENT',
    'The module does not answer "AT". Check its power, the port (an A7600 has several, one of ' +
      'them takes AT commands) and the baud rate.',
  );
}

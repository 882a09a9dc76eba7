import type { HeadMatch } from '../decoder/dialect.js';
import type { Urc } from '../urc.js';

/** A line that a module prints while it starts. */
export interface StartupLine {
  readonly text: string;
}

const startupLine = (text: string, match: HeadMatch): Urc<StartupLine> => ({
  text,
  match,
  section: 'AT command manual, start-up',
  read: (line) => ({ text: line.text }),
});

/**
 * The lines that only a module that has just started prints. In mid-session they mean that
 * everything that was set or open before is gone.
 */
export const restarted: readonly Urc<StartupLine>[] = [
  startupLine('*ATREADY', 'name'),
  startupLine('RDY', 'line'),
  startupLine('QCRDY', 'line'),
  startupLine('START', 'line'),
];

/** The lines that follow in no fixed order, some of them minutes later or never. */
export const startup: readonly Urc<StartupLine>[] = [
  startupLine('*ISIMAID', 'name'),
  startupLine('SMS DONE', 'line'),
  startupLine('PB DONE', 'line'),
];

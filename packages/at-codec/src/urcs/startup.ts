import { type Notice, notices } from '../urc.js';

/** A line that a module prints while it starts. */
export type StartupLine = Notice;

/**
 * The lines that only a module that has just started prints. In mid-session they mean that
 * everything that was set or open before is gone.
 */
export const restarted = /* @__PURE__ */ notices(
  ['manual 1', 'name', '*ATREADY'],
  ['manual 1', 'line', 'RDY', 'QCRDY', 'START'],
);

/** The lines that follow in no fixed order, some of them minutes later or never. */
export const startup = /* @__PURE__ */ notices(
  ['manual 1', 'name', '*ISIMAID'],
  ['manual 1', 'line', 'SMS DONE', 'PB DONE'],
);

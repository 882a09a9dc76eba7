import { openSync } from 'node:fs';

const { CI: _ci, FORCE_COLOR: _colour, ...environment } = process.env;

/** The environment of somebody who sends a program's output to a file: it has no colours, also in CI. */
export const PLAIN_ENVIRONMENT = { ...environment, NO_COLOR: '1' };

/** What a child gets behind its three streams: a pseudo-terminal of this process would live on in it. */
export const NOTHING_INHERITED = Array<number>(64).fill(openSync('/dev/null', 'r'));

import { openSync } from 'node:fs';

const { CI: _ci, FORCE_COLOR: _colour, ...environment } = process.env;

/** The environment of a program whose output goes to a file: without colours, also in CI. */
export const PLAIN_ENVIRONMENT = { ...environment, NO_COLOR: '1' };

/** The further descriptors of a child: without these, it would keep pseudo-terminals of this process open. */
export const NOTHING_INHERITED = Array<number>(64).fill(openSync('/dev/null', 'r'));

import type { Transport } from '@a7600/transport';

/** The port of the module on the page. */
export declare const port: Transport;

/** Prints a line below the program. */
export declare function print(line: unknown): void;

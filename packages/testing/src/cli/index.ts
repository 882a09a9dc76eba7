/**
 * The program `a7600-emulator`, for other programs that offer it.
 *
 * @packageDocumentation
 * @experimental
 */

export { run } from './run.js';

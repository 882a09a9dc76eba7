/**
 * How much a test does: `usual` is what `npm test` has time for, `all` is what runs every night
 * (`npm run test:thorough`).
 */
export function effort<T>(usual: T, all: T): T {
  const { A7600_THOROUGH: thorough } = process.env;
  return thorough === undefined ? usual : all;
}

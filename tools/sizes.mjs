/**
 * How large a part of a package may be in somebody's bundle: minified, everything unused left out,
 * gzipped. 1 kB is 1000 bytes.
 */
export const budgets = [
  { what: 'the decoder alone', folder: 'packages/at-codec', names: ['createDecoder'], kB: 6 },
  { what: 'the whole package', folder: 'packages/at-codec', names: ['*'], kB: 18 },
];

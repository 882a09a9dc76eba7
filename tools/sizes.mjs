/**
 * How large a part of a package may be in a bundle: minified, without unused code, gzipped. 1 kB is 1000 bytes.
 */
export const budgets = [
  { what: 'the decoder alone', folder: 'packages/at-codec', names: ['createDecoder'], kB: 7.3 },
  { what: 'the whole package', folder: 'packages/at-codec', names: ['*'], kB: 20.9 },
];

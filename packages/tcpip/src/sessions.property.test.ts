import { test } from 'vitest';
import { tryProperty } from '../../../tools/properties.js';
import { properties } from '../test/properties/index.js';
import regressions from '../test/properties/regressions.json' with { type: 'json' };

/** Bounded: `npm run fuzz` has no end. Transparent sessions wait through many guard times, which takes longer. */
const SESSIONS = 2_000;
const TRANSPARENT_SESSIONS = 300;

test.each(properties)(
  '$name',
  (property) =>
    tryProperty(
      property,
      regressions,
      property.name.includes('transparent') ? TRANSPARENT_SESSIONS : SESSIONS,
    ),
  120_000,
);

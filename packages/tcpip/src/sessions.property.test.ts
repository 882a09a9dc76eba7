import { test } from 'vitest';
import { tryProperty } from '../../../tools/properties.js';
import { properties } from '../test/properties/index.js';
import regressions from '../test/properties/regressions.json' with { type: 'json' };

/** Bounded: `npm run fuzz` has no end. */
const SESSIONS = 2_000;

test.each(properties)('$name', (property) => tryProperty(property, regressions, SESSIONS), 120_000);

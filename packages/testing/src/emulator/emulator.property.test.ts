import { test } from 'vitest';
import { tryProperty } from '../../../../tools/properties.js';
import { effort } from '../../../../tools/thorough.js';
import { properties } from '../../test/properties/index.js';
import regressions from '../../test/properties/regressions.json' with { type: 'json' };

test.each(properties)('$name', (property) => tryProperty(property, regressions, effort(25, 150)));

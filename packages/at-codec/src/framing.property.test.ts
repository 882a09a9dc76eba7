import { test } from 'vitest';
import { tryProperty } from '../../../tools/properties.js';
import { framingProperties } from '../test/properties/framing.js';
import regressions from '../test/properties/regressions.json' with { type: 'json' };

test.each(framingProperties)('$name', (property) => tryProperty(property, regressions));

import { test } from 'vitest';
import { tryProperty } from '../../../../tools/properties.js';
import { parameterProperties } from '../../test/properties/parameters.js';
import regressions from '../../test/properties/regressions.json' with { type: 'json' };

test.each(parameterProperties)('$name', (property) => tryProperty(property, regressions));

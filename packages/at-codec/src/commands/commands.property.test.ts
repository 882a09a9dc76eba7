import { test } from 'vitest';
import { tryProperty } from '../../../../tools/properties.js';
import { argumentProperties } from '../../test/properties/arguments.js';
import regressions from '../../test/properties/regressions.json' with { type: 'json' };

test.each(argumentProperties)('$name', (property) => tryProperty(property, regressions, 2_000));

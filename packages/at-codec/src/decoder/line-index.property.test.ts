import { test } from 'vitest';
import { tryProperty } from '../../../../tools/properties.js';
import { lineIndexProperties } from '../../test/properties/line-index.js';
import regressions from '../../test/properties/regressions.json' with { type: 'json' };

test.each(lineIndexProperties)('$name', (property) => tryProperty(property, regressions));

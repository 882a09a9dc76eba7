import { test } from 'vitest';
import { tryProperty } from '../../../tools/properties.js';
import { exchangeProperties } from '../test/properties/exchange.js';
import regressions from '../test/properties/regressions.json' with { type: 'json' };

test.each(exchangeProperties)('$name', (property) => tryProperty(property, regressions, 300));

import { test } from 'vitest';
import { tryProperty } from '../../../../tools/properties.js';
import { effort } from '../../../../tools/thorough.js';
import { decoderProperties } from '../../test/properties/decoder.js';
import regressions from '../../test/properties/regressions.json' with { type: 'json' };

test.each(decoderProperties)('$name', (property) => tryProperty(property, regressions, effort(75, 150)));

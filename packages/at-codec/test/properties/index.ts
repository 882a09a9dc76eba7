import type { Property } from '../../../../tools/properties.js';
import { argumentProperties } from './arguments.js';
import { decoderProperties } from './decoder.js';
import { exchangeProperties } from './exchange.js';
import { framingProperties } from './framing.js';
import { lineIndexProperties } from './line-index.js';
import { parameterProperties } from './parameters.js';

/** What `npm run fuzz` tries. */
export const properties: readonly Property[] = [
  ...decoderProperties,
  ...exchangeProperties,
  ...argumentProperties,
  ...lineIndexProperties,
  ...parameterProperties,
  ...framingProperties,
];

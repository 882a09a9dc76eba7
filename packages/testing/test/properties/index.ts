import type { Property } from '../../../../tools/properties.js';
import { byteProperties } from './bytes.js';
import { conductProperties } from './conduct.js';

/** What `npm run fuzz` tries. */
export const properties: readonly Property[] = [...conductProperties, ...byteProperties];

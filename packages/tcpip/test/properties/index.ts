import { type Property, property } from '../../../../tools/properties.js';
import { script } from '../sessions/script.js';
import { play } from '../sessions/session.js';

/** What `npm run fuzz` tries. */
export const properties: readonly Property[] = [
  property(
    'sessions: bytes arrive in order, once and at the right socket, and everything comes back',
    script(),
    play,
  ),
];

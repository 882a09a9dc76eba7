import { type Property, property } from '../../../../tools/properties.js';
import { hostileScript, playHostile } from '../sessions/hostile.js';
import { damagedScript, script } from '../sessions/script.js';
import { play, playDamaged } from '../sessions/session.js';
import { playSilent, silentScript } from '../sessions/silent.js';
import { playTransparent, transparentScript } from '../sessions/transparent.js';
import { playUser, userScript } from '../sessions/user-lines.js';

/** What `npm run fuzz` tries. */
export const properties: readonly Property[] = [
  property(
    'sessions: bytes arrive in order, once and at the right socket, and everything comes back',
    script(),
    play,
  ),
  property(
    'damage: whatever the line does to bytes, nothing is thrown, all ends, and everything comes back',
    damagedScript(),
    playDamaged,
  ),
  property(
    'damage, transparent: nothing is thrown, all ends, and everything comes back',
    transparentScript(),
    playTransparent,
  ),
  property(
    'transparent: a peer that says what a module says changes nothing, and each operation ends once',
    hostileScript(),
    playHostile,
  ),
  property(
    'silence: a module that fails without a word serves again in time, and nothing is delivered that was not sent',
    silentScript(),
    playSilent,
  ),
  property(
    'users: whatever an earlier program has left and a user sends, the module serves, and no message is sent',
    userScript(),
    playUser,
  ),
];

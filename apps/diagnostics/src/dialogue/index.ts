/**
 * The conversation with a module that may be in any state.
 *
 * @module
 */

export { cgauth, type Login } from './cgauth.js';
export { decoded, registrationWords, signalWords } from './decoded.js';
export { type Described, describedBy, families } from './descriptors.js';
export { type Dialogue, type DialogueOptions, dialogueOf, type Reply } from './dialogue.js';
export { hideSecrets } from './hide-secrets.js';
export { namesIn, typedCommand } from './raw.js';
export { withLink } from './with-link.js';

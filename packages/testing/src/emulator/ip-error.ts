import { type FinalReply, refuse } from './reply.js';

/** `+IP ERROR: …` and `ERROR` (application note, 4.1, first table). */
export function ipError(text: string): FinalReply {
  return refuse(`+IP ERROR: ${text}`);
}

/** `+CIPERROR: <err>` and `ERROR` (application note, 4.1, second table). */
export function cipError(err: number): FinalReply {
  return refuse(`+CIPERROR: ${err}`);
}

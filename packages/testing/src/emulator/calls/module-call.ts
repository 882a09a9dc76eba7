import type { CallEnd } from '../../networks/mobile/call.js';

/** A call of the module. */
export interface ModuleCall {
  /** `<id>` of `+CLCC`, from 1. */
  readonly id: number;
  readonly end: CallEnd;
  /** When it was answered, in ms; undefined before. */
  answered: number | undefined;
  /** It came in while another one was active. */
  readonly waiting: boolean;
  /** `AT+CHLD` has put it on hold. */
  held: boolean;
}

/** Whether it is under way and not held. */
export function isTalking({ end, held }: ModuleCall): boolean {
  return end.state === 'active' && !held;
}

import { septetsOf } from '../../networks/mobile/tpdu/alphabet.js';
import { hexOf } from '../../networks/mobile/tpdu/hex.js';
import type { UssdMessage } from '../../networks/mobile/ussd.js';
import type { Module } from '../module.js';
import { perModule } from '../per-module.js';
import { characterSetOf, toHost, ucs2Of } from './character-set.js';

/** `<m>` of `+CUSD` (AT command manual, 4.2.3). */
const KINDS: Readonly<Record<UssdMessage['kind'], number>> = {
  notice: 0,
  question: 1,
  ended: 2,
  'not supported': 4,
  timeout: 5,
};

/** `<dcs>`: the 7-bit alphabet, and UCS2 (3GPP TS 23.038, 5). */
const GSM_CODING = 15;
const UCS2_CODING = 72;

/** USSD: what the network says is shown where `AT+CUSD=1` asks for it. */
export class Ussd {
  /** `AT+CUSD`: 1 shows what the network says. */
  presents = 0;
  private readonly module: Module;

  constructor(module: Module) {
    this.module = module;
  }

  /** Prints a message of the network. */
  present(message: UssdMessage): void {
    if (this.presents === 1) this.module.report(this.line(message));
  }

  private line({ kind, text }: UssdMessage): string {
    if (text === undefined) return `+CUSD: ${KINDS[kind]}`;
    const { current } = characterSetOf(this.module);
    const plain = septetsOf(text) !== undefined;
    const shown = plain || current === 'UCS2' ? toHost(text, current) : hexOf(ucs2Of(text));
    return `+CUSD: ${KINDS[kind]},"${shown}",${plain ? GSM_CODING : UCS2_CODING}`;
  }
}

export const ussdOf = perModule((module) => {
  const ussd = new Ussd(module);
  module.watchPower((power) => {
    if (power === 'off') ussd.presents = 0;
  });
  return ussd;
});

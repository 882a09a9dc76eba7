import type { Module } from '../module.js';
import { SENTENCES } from './nmea.js';
import { receiverOf, type StartKind } from './receiver.js';
import { gnssMode } from './systems.js';

/** What `$RESET` forgets, by its mask (Unicore protocol specification). */
const STARTS: Readonly<Record<string, StartKind>> = { h00: 'hot', h01: 'warm', h85: 'cold' };

/** `$CFGSYS` names the systems that `AT+CGNSSMODE` has numbers for. */
const SYSTEM_MASKS: Readonly<Record<string, number>> = { h01: 1, h10: 2, h11: 3, h101: 4 };

/**
 * Carries out a command of the receiver itself, as `AT+CGNSSCMD` passes it on. The receiver of these
 * modules is a Unicore UC6226; what it does not know, it ignores.
 *
 * @param text `$NAME,field,…`, with or without a checksum.
 */
export function commandReceiver(text: string, module: Module): void {
  const [name = '', first = '', second = '', third] = text.replace(/\*.*$/, '').split(',');
  const receiver = receiverOf(module);
  switch (name.toUpperCase()) {
    case '$CFGMSG': {
      const sentence = Number(second);
      if (first !== '0' || second === '' || !(sentence < SENTENCES.length)) return;
      receiver.sentenceRates = receiver.sentenceRates.map((rate, index) =>
        index === sentence ? Number(third !== '0') : rate,
      );
      break;
    }
    case '$CFGSYS': {
      const mode = SYSTEM_MASKS[first.toLowerCase()];
      if (mode !== undefined) gnssMode.set(mode, module);
      break;
    }
    case '$RESET': {
      const kind = STARTS[second.toLowerCase()];
      if (kind !== undefined) receiver.restart(kind);
      break;
    }
  }
}

import type { Behaviour } from '../at/behaviour.js';
import { ok, okThen, type Reply, refuse } from '../at/reply.js';
import { number, optional } from '../at/values.js';
import { positionLine, sim7600Line } from '../gnss/answers.js';
import { nmea, SENTENCES, type Sentence } from '../gnss/nmea.js';
import { receiverOf, type StartKind } from '../gnss/receiver.js';
import { extraSystems } from '../gnss/systems.js';
import type { Module } from '../module.js';
import { perModule } from '../per-module.js';
import { positionReport } from './positions.js';
import { remembered } from './remembered.js';

const family = 'sim7600';

/** Sentences by the bits of `AT+CGPSINFOCFG`. */
const BITS: readonly Sentence[] = ['GGA', 'RMC', 'GSV', 'GSA', 'VTG'];
const ALL_BITS = 262_143;

/** `<mode>` of `AT+CGPS` without help; with the others the network tells where the satellites are. */
const ALONE = 1;

const mode = remembered({ command: '+CGPS mode', min: 1, max: 3, initial: 1, saved: false });
const sentences = remembered({
  command: '+CGPSINFOCFG bits',
  min: 0,
  max: ALL_BITS,
  initial: 31,
  saved: false,
});
const portSentences = remembered({
  command: '+CGPSNMEA',
  min: 0,
  max: ALL_BITS,
  initial: ALL_BITS,
  saved: true,
});
const sentencePeriod = remembered({ command: '+CGPSINFOCFG', min: 0, max: 255, initial: 0, saved: false });
const autostart = remembered({ command: '+CGPSAUTO', min: 0, max: 1, initial: 0, saved: true });
const dynamicPower = remembered({ command: '+CGNSSMODE dpo', min: 0, max: 1, initial: 1, saved: true });

/** Positions on SIM7500 and SIM7600 modules (their AT command manual V3.00, chapter on GPS). */
export const gnssSim7600: readonly Behaviour[] = [
  {
    command: '+CGPS',
    family,
    test: () => ok('+CGPS: (0-1),(1-3)'),
    read: (_, module) => ok(`+CGPS: ${receiverOf(module).on ? 1 : 0},${mode.get(module)}`),
    write: ({ values: [onText, modeText] }, module) => {
      const on = number(onText, 0, 1);
      const wanted = optional(modeText, 1, 3, 1);
      const receiver = receiverOf(module);
      // Starting twice, or stopping what is stopped, is refused.
      if (on === undefined || wanted === undefined || receiver.on === (on === 1)) return refuse();
      mode.set(wanted, module);
      return okThen(() => {
        if (on === 1) switchOn(module, wanted !== ALONE && module.radio.bearer ? 'hot' : undefined);
        else {
          receiver.switchOff();
          module.conclude('+CGPS: 0');
        }
      });
    },
  },
  start('+CGPSCOLD', 'cold'),
  start('+CGPSHOT', 'hot'),
  { ...positionReport('+CGPSINFO', (fix) => positionLine(fix, 1)), family },
  { ...positionReport('+CGNSSINFO', sim7600Line), family },
  {
    command: '+CGNSSMODE',
    family,
    test: () => ok('+CGNSSMODE: (0-15),(0-1)'),
    read: (_, module) => ok(`+CGNSSMODE: ${extraSystems.get(module)},${dynamicPower.get(module)}`),
    write: ({ values: [chosen, power] }, module) => {
      const wanted = number(chosen, 0, 15);
      const dynamic = optional(power, 0, 1, 1);
      if (wanted === undefined || dynamic === undefined) return refuse();
      extraSystems.set(wanted, module);
      dynamicPower.set(dynamic, module);
      return ok();
    },
  },
  {
    command: '+CGPSNMEARATE',
    family,
    test: () => ok('+CGPSNMEARATE: (0,1)'),
    read: (_, module) => ok(`+CGPSNMEARATE: ${receiverOf(module).rate === 10 ? 1 : 0}`),
    write: ({ values: [value] }, module) => {
      const fast = number(value, 0, 1);
      if (fast === undefined) return refuse();
      return okThen(() => {
        receiverOf(module).rate = fast === 1 ? 10 : 1;
        receiverOf(module).tick();
      });
    },
  },
  {
    // Which sentences the NMEA port prints (SIM7600 AT command manual, 24); it keeps them over restarts.
    ...portSentences.behaviour,
    family,
    test: () => ok(`+CGPSNMEA: (0-${ALL_BITS})`),
    write: ({ values: [bitText, ...more] }, module) => {
      const bits = number(bitText, 0, ALL_BITS);
      // It cannot be changed while the receiver is on.
      if (bits === undefined || more.length > 0 || receiverOf(module).on) return refuse();
      portSentences.set(bits, module);
      return ok();
    },
  },
  {
    command: '+CGPSINFOCFG',
    family,
    test: () => ok(`+CGPSINFO: (0-255),(0-${ALL_BITS})`),
    read: (_, module) => ok(`+CGPSINFOCFG: ${sentencePeriod.get(module)},${sentences.get(module)}`),
    write: ({ values: [timeText, bitText] }, module) => {
      const seconds = number(timeText, 0, 255);
      const bits = optional(bitText, 0, ALL_BITS, sentences.get(module));
      if (seconds === undefined || bits === undefined) return refuse();
      sentencePeriod.set(seconds, module);
      sentences.set(bits, module);
      return okThen(() => receiverOf(module).reportEvery(seconds, () => printSentences(bits, module)));
    },
  },
  {
    ...autostart.behaviour,
    family,
    write: ({ values: [value, ...more] }, module) => {
      const automatic = number(value, 0, 1);
      if (automatic === undefined || more.length > 0) return refuse();
      autostart.set(automatic, module);
      autostartOf(module);
      return ok();
    },
  },
];

/** Switches the receiver on with the module, where `AT+CGPSAUTO=1` asks for it. */
const autostartOf = perModule((module) =>
  module.watchPower((power) => {
    if (power === 'on' && autostart.get(module) === 1) switchOn(module);
  }),
);

/** Its NMEA port prints as long as it is on: "no control via AT commands is provided". */
function switchOn(module: Module, kind?: StartKind): void {
  const receiver = receiverOf(module);
  receiver.prints = true;
  receiver.sentenceRates = SENTENCES.map((kind) => {
    const bit = BITS.indexOf(kind);
    return bit === -1 ? 0 : (portSentences.get(module) >> bit) & 1;
  });
  receiver.switchOn(() => {
    if (kind !== undefined) receiver.restart(kind);
  });
}

function start(command: string, kind: StartKind): Behaviour {
  return {
    command,
    family,
    test: () => ok(),
    execute: (_, module): Reply => {
      // "It must use AT+CGPS=0 to stop" it first.
      if (receiverOf(module).on) return refuse();
      return okThen(() => {
        switchOn(module);
        receiverOf(module).restart(kind);
      });
    },
  };
}

function printSentences(bits: number, module: Module): void {
  const fix = receiverOf(module).fix();
  for (const [bit, kind] of BITS.entries()) {
    if ((bits & (1 << bit)) !== 0) for (const text of nmea(kind, fix)) module.report(text);
  }
}

import type { Behaviour, Handler } from '../at/behaviour.js';
import { ok, okThen, type Reply, refuse } from '../at/reply.js';
import { number, optional } from '../at/values.js';
import { a76xxLine, positionLine } from '../gnss/answers.js';
import { SENTENCES } from '../gnss/nmea.js';
import { type Receiver, receiverOf, type StartKind } from '../gnss/receiver.js';
import { commandReceiver } from '../gnss/receiver-command.js';
import { gnssMode } from '../gnss/systems.js';
import type { Module } from '../module.js';
import { perModule } from '../per-module.js';
import { positionReport } from './positions.js';

/** Fields of `AT+CGNSSPWR` after the first: hot start from flash, dynamic loading, loader. */
const powerOptionsOf = perModule(() => ({ flash: 0, load: 1, loader: 0 }));

/** Longest command for the receiver (AT command manual, 24). */
const LONGEST_COMMAND = 510;

/** Speeds of the receiver's own UART. */
const SPEEDS = [9600, 115_200, 230_400];
const RATES = [1, 2, 5, 10];

/** Positions on A76XX modules (AT command manual, 24). */
export const gnss: readonly Behaviour[] = [
  {
    command: '+CGNSSPWR',
    family: 'a76xx',
    test: () => ok('+CGNSSPWR: (0,1),(0,1),(0,1),(0,1)'),
    read: (_, module) => {
      const { flash, load, loader } = powerOptionsOf(module);
      return ok(`+CGNSSPWR: ${receiverOf(module).on ? 1 : 0},${flash},${load},${loader}`);
    },
    write: ({ values }, module) => power(values, module),
  },
  start('+CGPSCOLD', 'cold'),
  start('+CGPSWARM', 'warm'),
  start('+CGPSHOT', 'hot'),
  whileReady({
    command: '+CGNSSTST',
    test: () => ok('+CGNSSTST: (0,1)'),
    read: (_, module) => ok(`+CGNSSTST: ${receiverOf(module).prints ? 1 : 0}`),
    write: ({ values: [value] }, module) => {
      const on = number(value, 0, 1);
      if (on === undefined) return refuse();
      return okThen(() => {
        receiverOf(module).prints = on === 1;
        receiverOf(module).tick();
      });
    },
  }),
  whileReady({
    command: '+CGNSSPORTSWITCH',
    test: () => ok('+CGNSSPORTSWITCH: (0,1),(0,1)'),
    read: (_, module) => {
      const { parsedToUart, sentencesToUart } = receiverOf(module);
      return ok(`+CGNSSPORTSWITCH: ${parsedToUart},${sentencesToUart}`);
    },
    write: ({ values: [parsed, sentences] }, module) => {
      const receiver = receiverOf(module);
      const first = number(parsed, 0, 1);
      const second = optional(sentences, 0, 1, receiver.sentencesToUart);
      if (first === undefined || second === undefined) return refuse();
      Object.assign(receiver, { parsedToUart: first, sentencesToUart: second });
      return ok();
    },
  }),
  whileReady(gnssMode.behaviour),
  whileReady({
    command: '+CGNSSNMEA',
    test: () => ok(`+CGNSSNMEA: ${SENTENCES.map(() => '(0-1)').join()}`),
    read: (_, module) => ok(`+CGNSSNMEA: ${receiverOf(module).sentenceRates.join()}`),
    write: ({ values }, module) => {
      const receiver = receiverOf(module);
      const rates = receiver.sentenceRates.map((before, index) => optional(values[index], 0, 1, before));
      if (rates.includes(undefined) || values.length > SENTENCES.length) return refuse();
      receiver.sentenceRates = rates.map((rate) => rate ?? 0);
      return ok();
    },
  }),
  whileReady({
    command: '+CGPSNMEARATE',
    test: () => ok(`+CGPSNMEARATE: (${RATES.join()})`),
    read: (_, module) => ok(`+CGPSNMEARATE: ${receiverOf(module).rate}`),
    execute: (_, module) => setRate(1, module),
    write: ({ values: [value] }, module) => {
      const rate = number(value, 1, 10);
      return rate === undefined || !RATES.includes(rate) ? refuse() : setRate(rate, module);
    },
  }),
  whileReady({
    command: '+CGNSSIPR',
    test: () => ok(`+CGNSSIPR: (${SPEEDS.join()})`),
    read: (_, module) => ok(`+CGNSSIPR: ${receiverOf(module).speed}`),
    write: ({ values: [value] }, module) => {
      const speed = number(value, 9600, 230_400);
      if (speed === undefined || !SPEEDS.includes(speed)) return refuse();
      receiverOf(module).speed = speed;
      return ok();
    },
  }),
  whileReady(positionReport('+CGNSSINFO', a76xxLine)),
  whileReady(positionReport('+CGPSINFO', (fix) => positionLine(fix, 2))),
  whileReady({
    command: '+CGNSSPROD',
    test: () => ok(),
    execute: () => ok('PRODUCT: UNICORECOMM,UC6226NIS,R3.2.10.0Build8016'),
  }),
  whileReady({
    command: '+CGNSSCMD',
    test: () => ok('+CGNSSCMD: "CmdString"'),
    write: ({ values }, module) => {
      const text = values.at(-1) ?? '';
      if (text.length > LONGEST_COMMAND) return refuse();
      return okThen(() => commandReceiver(text, module));
    },
  }),
  whileReady({
    command: '+CAGPS',
    execute: (_, module) =>
      module.radio.bearer
        ? okThen(() => module.conclude('+AGPS: success.', () => receiverOf(module).restart('hot')))
        : okThen(() => module.conclude('+AGPS: 101.')),
  }),
];

/** A command that is refused until `+CGNSSPWR: READY!`; its test form always answers. */
function whileReady(behaviour: Behaviour): Behaviour {
  const guarded =
    (handler: Handler): Handler =>
    (request, module) =>
      receiverOf(module).ready ? handler(request, module) : refuse();
  const { read, write, execute } = behaviour;
  return {
    ...behaviour,
    family: 'a76xx',
    ...(read && { read: guarded(read) }),
    ...(write && { write: guarded(write) }),
    ...(execute && { execute: guarded(execute) }),
  };
}

function start(command: string, kind: StartKind): Behaviour {
  return whileReady({
    command,
    test: () => ok(),
    execute: (_, module) => okThen(() => receiverOf(module).restart(kind)),
  });
}

function setRate(rate: number, module: Module): Reply {
  const receiver: Receiver = receiverOf(module);
  receiver.rate = rate;
  return okThen(() => receiver.tick());
}

function power(values: readonly string[], module: Module): Reply {
  const options = powerOptionsOf(module);
  const on = number(values[0], 0, 1);
  const flash = optional(values[1], 0, 1, options.flash);
  const load = optional(values[2], 0, 1, options.load);
  const loader = optional(values[3], 0, 1, options.loader);
  if (on === undefined || flash === undefined || load === undefined || loader === undefined) return refuse();
  Object.assign(options, { flash, load, loader });
  return okThen(() => {
    if (on === 0) receiverOf(module).switchOff();
    else receiverOf(module).switchOn(() => module.conclude('+CGNSSPWR: READY!'));
  });
}

import type { Behaviour } from '../at/behaviour.js';
import { ok, okThen, type Reply, refuse } from '../at/reply.js';
import { optional } from '../at/values.js';
import type { Module } from '../module.js';
import { USUAL_PARAMETERS } from '../multiplexing/multiplexing.js';

/** Several channels on the UART (protocol 4.6; 3GPP TS 27.007, 5.7). */
export const multiplexing: readonly Behaviour[] = [
  {
    command: '+CMUX',
    test: () => ok('+CMUX: (0),(0),(1-8),(1-1500),(0),(0),(2-1000)'),
    read: (_, { multiplexing: { parameters } }) => {
      const { speed, frameSize, responseTimer } = parameters;
      return ok(`+CMUX: 0,0,${speed},${frameSize},0,0,${responseTimer}`);
    },
    write: ({ values }, module) => multiplex(values, module),
  },
];

function multiplex(values: readonly string[], module: Module): Reply {
  const { profile, port } = module;
  const [mode, subset, speed, frameSize, t1, n2, t2] = values;
  const parameters = {
    speed: optional(speed, 1, 8, USUAL_PARAMETERS.speed),
    frameSize: optional(frameSize, 1, 1_500, USUAL_PARAMETERS.frameSize),
    responseTimer: optional(t2, 2, 1_000, USUAL_PARAMETERS.responseTimer),
  };
  const onlyZero = mode === '0' && [subset, t1, n2].every((value) => optional(value, 0, 0, 0) === 0);
  if (!onlyZero || values.length > 7 || !isComplete(parameters)) return refuse();
  if (profile.multiplexing === 'refused' || !module.multiplexing.isPossibleOn(port)) return refuse();
  if (profile.multiplexing === 'only says OK') return ok();
  return okThen(() => module.multiplexing.start(parameters));
}

function isComplete<T>(values: { readonly [K in keyof T]: T[K] | undefined }): values is T {
  return Object.values(values).every((value) => value !== undefined);
}

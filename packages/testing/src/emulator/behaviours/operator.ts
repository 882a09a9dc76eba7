import type { Behaviour } from '../at/behaviour.js';
import { cmeError, ok, okThen, type Reply, refuse } from '../at/reply.js';
import { number, optional } from '../at/values.js';
import type { Module } from '../module.js';

/** `<mode>` of `AT+COPS` (3GPP TS 27.007, 7.3). */
const MODE = { automatic: 0, manual: 1, deregister: 2, formatOnly: 3, manualOrAutomatic: 4 } as const;

/** LTE as `<AcT>`. */
const LTE = 7;

/** "no network service". */
const NO_SERVICE = 30;

/** The choice of a network (protocol 4.2). */
export const operator: readonly Behaviour[] = [
  {
    command: '+COPS',
    maxTime: 120_000,
    test: (_, module) => {
      const [long, short, digits] = names(module);
      return ok(`+COPS: (2,"${long}","${short}","${digits}",${LTE}),,(0,1,2,3,4),(0,1,2)`);
    },
    read: (_, module) => {
      const { radio, settings } = module;
      const { operatorMode: mode, registration: stat } = radio;
      const name = names(module)[settings.operatorFormat];
      return ok(
        stat === 1 || stat === 5
          ? `+COPS: ${mode},${settings.operatorFormat},"${name}",${LTE}`
          : `+COPS: ${mode}`,
      );
    },
    write: ({ values }, module) => choose(values, module),
  },
];

/** Long name, short name and number, by `<format>`. */
function names({ surroundings }: Module): readonly string[] {
  return [surroundings.operator, surroundings.operator, surroundings.plmn.replace('-', '')];
}

function choose([modeText, formatText, name]: readonly string[], module: Module): Reply {
  const { settings, radio } = module;
  const mode = number(modeText, 0, 4);
  const format = optional(formatText, 0, 2, settings.operatorFormat);
  if (mode === undefined || format === undefined) return refuse();
  switch (mode) {
    case MODE.formatOnly:
      settings.operatorFormat = format;
      return ok();
    case MODE.deregister:
    case MODE.automatic:
      return okThen(() => radio.chooseOperator(mode));
    default: {
      if (name === undefined) return refuse();
      const found = names(module)[format] === name && radio.on;
      if (!found && mode === MODE.manual) return cmeError(NO_SERVICE);
      settings.operatorFormat = format;
      return okThen(() => radio.chooseOperator(found ? mode : MODE.automatic));
    }
  }
}

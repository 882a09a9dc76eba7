import { commandLine, oneOf, optional } from '../arguments.js';
import {
  type Command,
  command,
  executeCommand,
  family,
  intField,
  plainLine,
  testCommand,
} from '../command.js';
import { numberSetting } from './settings.js';

/** How the line is kept from running over: 0 not at all, 1 XON/XOFF, 2 RTS/CTS. */
export type FlowControl = 0 | 1 | 2;

/** Flow control in both directions. */
export interface FlowControls {
  /** How the module is stopped from sending. */
  readonly module: FlowControl;
  /** How the module stops the host. */
  readonly host: FlowControl;
}

/** `+IPR`: the baud rate, until the module restarts; 0 lets it find out. */
export const ipr = /* @__PURE__ */ Object.assign(
  /* @__PURE__ */ numberSetting({ name: '+IPR', section: 'manual 10' }, 'baudRate', 0, 4_000_000),
  { execute: (): Command<void> => executeCommand('+IPR') },
);

/** `+IFC`: flow control. Some manuals print the answer of the read form as `+ICF`. */
export const ifc = /* @__PURE__ */ family(
  { name: '+IFC', section: 'manual 10', quirks: ['Q-23'] },
  ({ module, host }: { readonly module: FlowControl; readonly host?: FlowControl }): Command<void> =>
    command(
      commandLine('+IFC', [
        oneOf('module', module, [0, 1, 2]),
        optional(host, (control) => oneOf('host', control, [0, 1, 2])),
      ]),
    ),
  {
    read: (): Command<FlowControls> =>
      command(plainLine('AT+IFC?'), {
        claims: (line) => line.name === '+IFC' || line.name === '+ICF',
        read: ({ line }) => ({
          module: intField(line, 0) as FlowControl,
          host: intField(line, 1) as FlowControl,
        }),
      }),
    test: () => testCommand('+IFC'),
    execute: () => executeCommand('+IFC'),
  },
);

/** `+CATR`: the port that URCs go to; 0 is all of them. */
export const catr = /* @__PURE__ */ numberSetting({ name: '+CATR', section: 'manual 10' }, 'port', 0, 7);

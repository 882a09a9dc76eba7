/**
 * What the line to the module carries. `command` and `onlineCommand` are the two command states of
 * ITU-T V.250: without a transparent connection, and with one that is kept.
 */
export type LineMode =
  /** Commands and their answers; no transparent connection exists. */
  | 'command'
  /** A transparent connection is being made; `CONNECT` may come at any moment. */
  | 'opening'
  /** Bytes of the transparent connection. */
  | 'data'
  /** Data mode is being left: silence, `+++`, silence, question. */
  | 'escaping'
  /** Commands again; the module is asked whether the connection still exists. */
  | 'verifying'
  /** Commands and their answers; the transparent connection waits. */
  | 'onlineCommand'
  /** `ATO` is queued or in flight; `CONNECT` may come at any moment. */
  | 'returning'
  /** The module is being asked to close the connection. */
  | 'closing'
  /** The module has ended the connection; what it received before may still be arriving. */
  | 'draining'
  /** Nothing is written any more; what was written leaves the port and the module. */
  | 'emptying'
  /** The module is being asked on another port to close the connection. */
  | 'hangingUp';

/** Where an escape stands. */
export type EscapeStep =
  /** The payload that the port is sending leaves. */
  | 'holding'
  /** The silence before the escape. */
  | 'silence'
  /** The port sends the escape. */
  | 'sending'
  /** The silence after the escape. */
  | 'guarding'
  /** The module was asked for what only the module knows. */
  | 'asking';

/** Why the module is asked whether the connection still exists. */
export type Doubt =
  /** A line that reads like the module's `CLOSED`. */
  | 'closed'
  /** A line that reads like one that a module prints when it starts. */
  | 'restarted'
  /** Our own payload came back with an `ERROR`. */
  | 'echoed'
  /** A modem line went off. */
  | 'signal'
  /** Nothing confirmed for a while that the module is in data mode. */
  | 'silent';

/** What a caller may ask the line for. */
export type OperationKind = 'enterCommandMode' | 'enterDataMode' | 'close' | 'abort';

/** One call that waits for its end. */
export interface Operation {
  readonly id: number;
  readonly kind: OperationKind;
}

/** Everything that decides what the line does next. Times are those of the scheduler in ms. */
export interface LineState {
  readonly mode: LineMode;
  /** Calls that have not ended yet, in order. */
  readonly operations: readonly Operation[];
  /** The connection is not wanted any more: it is closed as soon as commands can be sent. */
  readonly unwanted: boolean;
  /** Command mode is to be kept although no operation asks for it. */
  readonly stay: boolean;
  readonly doubt: Doubt | undefined;
  /** When a doubt of this connection that its peer can raise was resolved last. */
  readonly verifiedAt: number;
  readonly step: EscapeStep;
  /** Since when the host is silent, as far as the module can tell. */
  readonly silentFrom: number;
  /** When the step is over. */
  readonly due: number;
  /** The latest time until which an answer is awaited. */
  readonly limit: number;
  readonly escapes: number;
  readonly questions: number;
  /** The module has proved that it answers. */
  readonly proven: boolean;
  /** An answer came in the right form and with the wrong number. */
  readonly contradicted: boolean;
}

/** The line when a modem is opened. */
export const initialState: LineState = {
  mode: 'command',
  operations: [],
  unwanted: false,
  stay: false,
  doubt: undefined,
  verifiedAt: Number.NEGATIVE_INFINITY,
  step: 'holding',
  silentFrom: Number.NEGATIVE_INFINITY,
  due: Number.POSITIVE_INFINITY,
  limit: Number.POSITIVE_INFINITY,
  escapes: 0,
  questions: 0,
  proven: false,
  contradicted: false,
};

const COMMAND_MODES: ReadonlySet<LineMode> = new Set([
  'command',
  'verifying',
  'onlineCommand',
  'returning',
  'closing',
]);

/** Whether commands may be sent: between the report of a client and its `CONNECT` they must not. */
export function takesCommands({ mode, due }: LineState): boolean {
  if (mode === 'opening') return due === Number.POSITIVE_INFINITY;
  return COMMAND_MODES.has(mode);
}

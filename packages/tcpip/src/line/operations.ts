import type { LineEffect, Outcome } from './effects.js';
import type { LineEvent } from './events.js';
import type { LineState, Operation, OperationKind } from './state.js';

/** The state after something, and what has to be done, in order. */
export interface Step {
  readonly state: LineState;
  readonly effects: readonly LineEffect[];
}

/** Whether an operation of one of these kinds waits. */
export function waits({ operations }: LineState, ...kinds: readonly OperationKind[]): boolean {
  return operations.some(({ kind }) => kinds.includes(kind));
}

/** The operation that an event begins; undefined for other events. */
function operationOf(event: LineEvent): Operation | undefined {
  switch (event.kind) {
    case 'enterCommandMode':
    case 'enterDataMode':
    case 'close':
    case 'abort':
      return { id: event.id, kind: event.kind };
    default:
      return undefined;
  }
}

/** Lets the operation that an event begins wait; one for command mode overrides earlier ones for data mode. */
export function begin(state: LineState, event: LineEvent): Step {
  const operation = operationOf(event);
  if (operation === undefined) return { state, effects: [] };
  const before: Step =
    operation.kind === 'enterCommandMode'
      ? settle(state, 'superseded', 'enterDataMode')
      : { state, effects: [] };
  const operations = [...before.state.operations, operation];
  return { state: { ...before.state, operations }, effects: before.effects };
}

/** Ends the operation that an event begins at once. */
export function answer(state: LineState, event: LineEvent, outcome: Outcome): Step {
  const operation = operationOf(event);
  return {
    state,
    effects: operation === undefined ? [] : [{ kind: 'settle', id: operation.id, outcome }],
  };
}

/** Ends the operations of these kinds. */
export function settle(state: LineState, outcome: Outcome, ...kinds: readonly OperationKind[]): Step {
  const ends = ({ kind }: Operation) => kinds.includes(kind);
  return {
    state: { ...state, operations: state.operations.filter((operation) => !ends(operation)) },
    effects: state.operations.filter(ends).map(({ id }) => ({ kind: 'settle', id, outcome })),
  };
}

/** Ends every operation because the connection is gone, which is what `close` and `abort` asked for. */
export function settleAll(state: LineState): Step {
  const closed = settle(state, 'done', 'close', 'abort');
  const failed = settle(closed.state, 'gone', 'enterCommandMode', 'enterDataMode');
  return { state: failed.state, effects: [...closed.effects, ...failed.effects] };
}

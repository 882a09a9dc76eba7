import { AtError, type Command } from '@a7600/at-codec';
import { type Observable, throwError } from 'rxjs';

/** What a program without types may have got wrong about an option. */
type Kind = 'function' | 'object' | 'number' | 'boolean' | 'string' | 'interval' | readonly unknown[];

/** Time in ms: a module that is asked more often does nothing else. */
const SHORTEST_INTERVAL = 1_000;

/** The options of an operation that nothing else checks, and what they have to be; each may be left out. */
export type Shape<T> = { readonly [Key in keyof T]?: Kind };

/** Throws `INVALID_ARGUMENT` unless an operation was given its options; `example` shows what they are. */
export function assertOptions<T>(
  operation: string,
  options: unknown,
  example: string,
  shape: Shape<T> = {},
): asserts options is T {
  if (typeof options !== 'object' || options === null) {
    throw invalid(`${operation}() needs options such as ${example}, not ${kindOf(options)}.`);
  }
  for (const [key, kind] of Object.entries<Kind | undefined>(shape)) {
    const value: unknown = Reflect.get(options, key);
    if (value === undefined || kind === undefined || is(value, kind)) continue;
    throw invalid(`${key} of ${operation}() must be ${described(kind)}, not ${shown(value, kind)}.`);
  }
}

/** Throws `INVALID_ARGUMENT` unless it opens one port, or two. */
export function assertPorts(operation: string, ports: unknown): void {
  const { control, data } = (is(ports, 'object') ? ports : {}) as { control?: unknown; data?: unknown };
  if (isSource(ports) || (isSource(control) && isSource(data))) return;
  throw invalid(
    `${operation}() needs an observable that opens the port, such as serial(…), not ${kindOf(ports)}.`,
  );
}

/** Runs `check`, and makes an observable that fails with what it throws, or `make`. */
export function checked<T>(check: () => void, make: () => Observable<T>): Observable<T> {
  try {
    check();
  } catch (error) {
    return throwError(() => error);
  }
  return make();
}

/** Throws `INVALID_ARGUMENT` unless what is to be run is a command. */
export function assertCommand(command: unknown): asserts command is Command {
  const { text, label, timeout, claims, read, payload, outcome } = (
    typeof command === 'object' && command !== null ? command : {}
  ) as Partial<Command>;
  const isCommand = is(text, 'string') && is(label, 'string') && is(timeout, 'number');
  const isRead = is(claims, 'function') && is(read, 'function');
  const isWhole = payload === undefined || payload instanceof Uint8Array;
  const hasOutcome =
    outcome === undefined ||
    (is(outcome, 'object') && is(outcome.claims, 'function') && is(outcome.error, 'function'));
  if (isCommand && isRead && isWhole && hasOutcome) return;
  throw invalid(
    `run() needs a command of @a7600/at-codec, such as csq(), not ${kindOf(command)}. raw() takes text.`,
  );
}

/** Throws `INVALID_ARGUMENT` unless what is to be observed is the descriptor of a URC. */
export function assertUrc(urc: unknown): void {
  const { text, read } = (is(urc, 'object') ? urc : {}) as { text?: unknown; read?: unknown };
  if (is(text, 'string') && is(read, 'function')) return;
  throw invalid(`urc$() needs a descriptor of @a7600/at-codec, such as clientAccepted, not ${kindOf(urc)}.`);
}

function isSource(value: unknown): boolean {
  const isThing = is(value, 'object') || is(value, 'function');
  return isThing && is(Reflect.get(value as object, 'subscribe'), 'function');
}

function is(value: unknown, kind: Kind): boolean {
  if (typeof kind !== 'string') return kind.includes(value);
  if (kind === 'number') return typeof value === 'number' && value >= 0;
  if (kind === 'interval')
    return value === false || (typeof value === 'number' && value >= SHORTEST_INTERVAL);
  return typeof value === kind && value !== null;
}

function described(kind: Kind): string {
  if (typeof kind !== 'string') return `one of ${kind.join(', ')}`;
  if (kind === 'number') return 'a number of 0 or more';
  if (kind === 'interval') return `false, or a number of ${SHORTEST_INTERVAL} or more`;
  return kind === 'object' ? 'an object' : `a ${kind}`;
}

function invalid(message: string): AtError {
  return new AtError('INVALID_ARGUMENT', message);
}

/** A number where one is expected, and else the kind: it may be a PIN. */
function shown(value: unknown, kind: Kind): string {
  const isTime = kind === 'number' || kind === 'interval';
  return isTime && typeof value === 'number' ? String(value) : kindOf(value);
}

/** The kind of a value for a message: its content may be a secret. */
function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return typeof value === 'object' ? 'such an object' : `a ${typeof value}`;
}

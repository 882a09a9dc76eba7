import type { AtEvent, Line, Overrun, Payload, Urc } from '@a7600/at-codec';
import { Observable, Subject } from 'rxjs';
import type { Disposer } from '../base/disposer.js';

/** Handles an event, or says by `false` that it is not for this handler. */
type Handler<E> = (event: E) => boolean;

/**
 * Hands every event that no command claimed to the handlers of its name, in order: an event that is
 * routed while another one is being handled waits until all handlers of that one have returned.
 */
export class Router {
  /** Lists are replaced, not changed: an event goes to those who were there when it came. */
  private readonly byName = new Map<string, readonly Handler<Line>[]>();
  private byPayload: readonly Handler<Payload | Overrun>[] = [];
  private readonly unhandled = new Subject<AtEvent>();
  private readonly waiting: AtEvent[] = [];
  private routing = false;

  /** Events that neither a command nor a handler wanted. Hot, no replay. */
  readonly unhandled$ = this.unhandled.asObservable();

  route(event: AtEvent): void {
    this.waiting.push(event);
    if (this.routing) return;
    this.routing = true;
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) {
      if (!this.handled(next)) this.unhandled.next(next);
    }
    this.routing = false;
  }

  /** Calls `handle` with every readable URC of that kind, and `failed` when a descriptor of the program throws. */
  on<T>(urc: Urc<T>, handle: (value: T) => void, failed: (error: unknown) => void = () => {}): Disposer {
    const read = (line: Line): T | undefined => {
      try {
        return line.urc !== urc && urc.accepts?.(line) === false ? undefined : line.read(urc);
      } catch (error) {
        failed(error);
        return undefined;
      }
    };
    const handler: Handler<Line> = (line) => {
      const value = read(line);
      if (value === undefined) return false;
      handle(value);
      return true;
    };
    const others = () => this.byName.get(urc.text)?.filter((other) => other !== handler) ?? [];
    // Not spread: a list that is made so has room for sixteen more.
    this.byName.set(urc.text, others().concat(handler));
    return () => this.byName.set(urc.text, others());
  }

  /** Calls `handle` with every chunk of payload that no command claimed, and with what says that a block lost bytes. */
  onPayload(handle: Handler<Payload | Overrun>): Disposer {
    this.byPayload = [...this.byPayload, handle];
    return () => {
      this.byPayload = this.byPayload.filter((other) => other !== handle);
    };
  }

  /** The URCs of one kind. Hot, no replay. */
  urc$<T>(urc: Urc<T>): Observable<T> {
    return new Observable((subscriber) =>
      this.on(
        urc,
        (value) => subscriber.next(value),
        (error) => subscriber.error(error),
      ),
    );
  }

  private handled(event: AtEvent): boolean {
    if (event.kind === 'payload' || event.kind === 'overrun') return anyHandles(this.byPayload, event);
    if (event.kind !== 'urc' && event.kind !== 'text') return false;
    return anyHandles(this.byName.get(event.urc?.text ?? event.name), event);
  }
}

/** Calls all handlers, and says whether the event was for one of them. */
function anyHandles<E>(handlers: readonly Handler<E>[] = [], event: E): boolean {
  let handled = false;
  for (const handle of handlers) handled = handle(event) || handled;
  return handled;
}

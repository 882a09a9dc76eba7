import type { AtEvent, Line, Payload, Urc } from '@a7600/at-codec';
import { Observable, Subject } from 'rxjs';

type Handler = (line: Line) => boolean;

/**
 * Takes every event that no command claimed to those who asked for its name, in order: an event
 * that comes up while another one is being handed out waits until everybody has had that one.
 */
export class Router {
  /** Takes payload that the module pushes; says whether it belonged to somebody. */
  onPayload: (payload: Payload) => boolean = () => false;
  private readonly handlers = new Map<string, Set<Handler>>();
  private readonly unhandled = new Subject<AtEvent>();
  private readonly waiting: AtEvent[] = [];
  private routing = false;

  /** Events that neither a command nor a subscriber of their name wanted. Hot, no replay. */
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

  /** Calls `handle` with every readable URC of that kind. Returns how to stop it. */
  on<T>(urc: Urc<T>, handle: (value: T) => void): () => void {
    const handler: Handler = (line) => {
      if (line.urc !== urc && urc.accepts?.(line) === false) return false;
      const value = urc.read(line);
      if (value === undefined) return false;
      handle(value);
      return true;
    };
    const handlers = this.handlers.get(urc.text) ?? new Set();
    this.handlers.set(urc.text, handlers.add(handler));
    return () => {
      handlers.delete(handler);
      if (handlers.size === 0 && this.handlers.get(urc.text) === handlers) this.handlers.delete(urc.text);
    };
  }

  /** The URCs of one kind. Hot, no replay. */
  urc$<T>(urc: Urc<T>): Observable<T> {
    return new Observable((subscriber) => this.on(urc, (value) => subscriber.next(value)));
  }

  private handled(event: AtEvent): boolean {
    if (event.kind === 'payload') return this.onPayload(event);
    if (event.kind !== 'urc' && event.kind !== 'text') return false;
    const handlers = this.handlers.get(event.urc?.text ?? event.name);
    if (handlers === undefined) return false;
    let handled = false;
    for (const handler of [...handlers]) handled = handler(event) || handled;
    return handled;
  }
}

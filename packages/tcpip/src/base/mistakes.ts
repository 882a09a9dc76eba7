import { Observable } from 'rxjs';

/** Called with what a program probably did not mean, while it is being developed. */
export type OnMistake = (message: string) => void;

/** Wraps an observable so that it is reported if it is discarded without ever having been subscribed to. */
export type Noticing = <T>(source$: Observable<T>, message: () => string) => Observable<T>;

/**
 * How many observables are looked after: a program that forgets to subscribe does so from the beginning, and one report is
 * enough. What is looked after outlives the collections of young garbage, even when it is forgotten at once.
 */
const NOTICED = 16;

/** Reports observables that are discarded unsubscribed; does nothing without `onMistake`. */
export function noticing(onMistake: OnMistake | undefined): Noticing {
  if (onMistake === undefined) return (source$) => source$;
  let left = NOTICED;
  const registry = new FinalizationRegistry<string>(onMistake);
  return (source$, message) => {
    if (left === 0) return source$;
    left -= 1;
    const noticed$ = new Observable<never>((subscriber) => {
      // What is registered survives until the next collection of all garbage, with all that it holds.
      registry.unregister(noticed$);
      return source$.subscribe(subscriber as never);
    });
    registry.register(noticed$, message(), noticed$);
    return noticed$;
  };
}

/** Warns on the console, unless the program runs in production (`NODE_ENV`). */
export function warnInDevelopment(): OnMistake | undefined {
  const environment = Reflect.get(globalThis, 'process') as
    | { readonly env?: { readonly NODE_ENV?: string } }
    | undefined;
  return environment?.env?.NODE_ENV === 'production' ? undefined : (message) => console.warn(message);
}

/** What an object says of itself, by name. */
export type Getters<T> = { readonly [Name in keyof T]?: (self: T) => T[Name] | undefined };

/**
 * Defines what a class without a handle says in the place of `net.Socket` and `net.Server`, which
 * ask their handle. TypeScript does not let a getter override what it knows as a property.
 */
export function defineGetters<T extends object>(prototype: T, getters: Getters<T>): void {
  for (const [name, read] of Object.entries(getters) as [string, (self: T) => unknown][]) {
    Object.defineProperty(prototype, name, {
      configurable: true,
      get(this: T) {
        return read(this);
      },
    });
  }
}

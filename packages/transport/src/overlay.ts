/**
 * `target` with some members replaced. The others stay bound to `target`, which keeps its own
 * state and its own type.
 */
export function overlay<T extends object, M extends object>(target: T, members: M): T & M {
  const proxy = new Proxy(target, {
    get(_, key) {
      if (Reflect.has(members, key)) return Reflect.get(members, key);
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
    set: (_, key, value) => Reflect.set(target, key, value, target),
    has: (_, key) => Reflect.has(members, key) || Reflect.has(target, key),
  });
  return proxy as T & M;
}

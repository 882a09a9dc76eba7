/** Stores a value; refuses with {@link Outdated} if `after` is given and not the revision of the latest value. */
export type Publish = (key: string, data: Uint8Array, after: number | undefined) => Promise<number>;

/** The value was not stored, because the key has a later one. */
export class Outdated extends Error {
  /** The revision of that one. */
  readonly latest: number;

  constructor(latest: number) {
    super(`The key has revision ${latest}.`);
    this.latest = latest;
  }
}

/**
 * Writes keys that no other program writes. A value that was sent over a former connection, and arrives after a later
 * one, is not stored: each says which value it follows.
 */
export class KeyWriter {
  private readonly publish: Publish;
  /** The latest revision of each key, as far as it is known. */
  private readonly latest = new Map<string, number>();
  /** The writes that are under way, by key; of several, the order on the connection decides. */
  private readonly underWay = new Map<string, Set<object>>();

  constructor(publish: Publish) {
    this.publish = publish;
  }

  /** Stores a value. Sends it at once; resolves with its revision, rejects as `publish` does. */
  async put(key: string, data: Uint8Array): Promise<number> {
    const own = {};
    const others = this.underWay.get(key) ?? new Set();
    const after = others.size === 0 ? this.latest.get(key) : undefined;
    this.underWay.set(key, others.add(own));
    const isLast = () => [...others].at(-1) === own;
    try {
      return await this.publish(key, data, after)
        .catch((error: unknown) => {
          // What the key has now is an earlier value whose confirmation was lost, unless a later write is under way.
          if (!(error instanceof Outdated) || !isLast()) throw error;
          return this.publish(key, data, error.latest);
        })
        .then((revision) => this.noted(key, revision));
    } finally {
      others.delete(own);
      if (others.size === 0) this.underWay.delete(key);
    }
  }

  private noted(key: string, revision: number): number {
    this.latest.set(key, Math.max(revision, this.latest.get(key) ?? 0));
    return revision;
  }
}

/** A number of bytes as people read it: 1 kB is 1000 bytes. */
export function bytes(count: number): string {
  if (count < 1_000) return `${Math.round(count)} B`;
  return count < 1_000_000 ? `${(count / 1_000).toFixed(1)} kB` : `${(count / 1_000_000).toFixed(1)} MB`;
}

/** A time since the beginning, in s: `12.345`. */
export function seconds(ms: number): string {
  return (ms / 1_000).toFixed(3);
}

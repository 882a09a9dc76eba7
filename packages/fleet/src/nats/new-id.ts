const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-';
const LENGTH = 22;
/** Random bytes for several names: asking the platform costs more than the rest of a name. */
const pool = new Uint8Array(64 * LENGTH);
let used = pool.length;

/** 132 bits that cannot be guessed. */
export function newId(): string {
  if (used === pool.length) {
    crypto.getRandomValues(pool);
    used = 0;
  }
  let id = '';
  for (const end = used + LENGTH; used < end; used++) id += ALPHABET.charAt((pool[used] as number) & 63);
  return id;
}

import { fromSeed } from '@nats-io/nkeys';
import { type Authenticator, credsAuthenticator, nkeyAuthenticator } from '@nats-io/transport-node';
import { UsageError } from '../exit-code.js';
import { readGiven } from '../given-file.js';

/** Who connects to a server. */
export interface Key {
  readonly authenticator: Authenticator;
  /** The public key of the user. */
  readonly publicKey: string;
}

const SEED = /^SU[A-Z2-7]{56}$/m;
const JWT = /BEGIN NATS USER JWT-+\s+([\w-]+)\.([\w-]+)\.([\w-]+)/;
const PUBLIC_KEY = /^U[A-Z2-7]{55}$/;

/**
 * Reads the key of a user: an NKey seed, or the credentials file that `nsc` writes.
 *
 * @param file the file
 * @returns how to connect, and as whom
 * @throws {UsageError} the file cannot be read, or has neither
 */
export function keyIn(file: string): Key {
  const text = readGiven('--creds', file);
  const bytes = new TextEncoder().encode(text);
  try {
    const [, , claims] = JWT.exec(text) ?? [];
    if (claims !== undefined) {
      const { sub } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { sub?: unknown };
      if (typeof sub === 'string' && PUBLIC_KEY.test(sub)) {
        return { authenticator: credsAuthenticator(bytes), publicKey: sub };
      }
    }
    const [seed] = SEED.exec(text) ?? [];
    if (seed !== undefined && claims === undefined) {
      const seedBytes = new TextEncoder().encode(seed);
      return { authenticator: nkeyAuthenticator(seedBytes), publicKey: fromSeed(seedBytes).getPublicKey() };
    }
  } catch {
    // A checksum that is wrong, or claims that are no JSON; the text of the error could have a part of the secret.
  }
  throw new UsageError(
    `${file} (--creds) has no key of a user: write the seed of an NKey (a line that begins with SU), or the ` +
      'credentials that nsc made.',
  );
}

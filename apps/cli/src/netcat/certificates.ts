import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { UsageError } from '../exit-code.js';
import { readGiven } from '../given-file.js';
import type { Identity } from './tls.js';

/**
 * Reads certificates of authorities.
 *
 * @param option the option that names the file, for the error
 * @param file its path
 * @returns the certificates, as PEM
 * @throws {UsageError} the file cannot be read, or has no certificate
 */
export function authoritiesIn(option: string, file: string): string {
  const text = readGiven(option, file);
  try {
    // TLS would go on without it, and trust no server.
    new X509Certificate(text);
    return text;
  } catch {
    throw new UsageError(`${file} (${option}) has no certificate as PEM.`);
  }
}

/**
 * Reads the certificate and the key of a server.
 *
 * @param cert the file of `--cert`
 * @param key the file of `--key`
 * @returns both, as PEM
 * @throws {UsageError} a file cannot be read, has something else, or the key is that of another certificate
 */
export function identityIn(cert: string, key: string): Identity {
  const identity = { cert: authoritiesIn('--cert', cert), key: readGiven('--key', key) };
  try {
    createSecureContext(identity);
    return identity;
  } catch {
    throw new UsageError(`${key} (--key) has no key as PEM, or not the one of ${cert} (--cert).`);
  }
}

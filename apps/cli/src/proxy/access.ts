import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';

/** Name and password that clients of the proxy have to give. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** Who may use the proxy. */
export interface Access {
  readonly needsPassword: boolean;
  /** Whether these are the right ones. Takes the same time whatever is wrong with them. */
  allows(user: string, password: string): boolean;
  /** The same for the value of a `Proxy-Authorization` header (RFC 7617); without a password everything is right. */
  allowsHeader(value: string | undefined): boolean;
}

/**
 * Who may use the proxy.
 *
 * @param credentials what clients have to give; undefined lets every program of this computer in
 * @returns the checks
 */
export function accessFor(credentials: Credentials | undefined): Access {
  const allows = (user: string, password: string) => {
    if (credentials === undefined) return true;
    const isUser = same(user, credentials.user);
    const isPassword = same(password, credentials.password);
    return isUser && isPassword;
  };
  return {
    needsPassword: credentials !== undefined,
    allows,
    allowsHeader(value) {
      if (credentials === undefined) return true;
      const [, encoded = ''] = /^basic +([\w+/=-]+)\s*$/i.exec(value ?? '') ?? [];
      const text = Buffer.from(encoded, 'base64').toString('utf8');
      const colon = text.indexOf(':');
      return colon >= 0 && allows(text.slice(0, colon), text.slice(colon + 1));
    },
  };
}

/**
 * Whether an address is of this computer alone.
 *
 * @param host an address or name to listen on
 * @returns true for 127.0.0.0/8, ::1 and `localhost`
 */
export function isLoopback(host: string): boolean {
  if (isIP(host) === 4) return host.startsWith('127.');
  return isIP(host) === 6 ? /^(?:0{0,4}:)+:?0{0,3}1$/.test(host) : host.toLowerCase() === 'localhost';
}

function same(given: string, wanted: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(wanted));
}

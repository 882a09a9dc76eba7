import type { Socket } from 'node:net';
import type { Access } from './access.js';
import { addressLength, decodeAddress, encodeReply, Method, Reply, type Target } from './socks5.js';
import { take } from './take.js';

/** What a client of the SOCKS server asks for. */
export interface SocksRequest {
  /** One of `Command`, or a number that the server does not know. */
  readonly command: number;
  readonly to: Target;
}

/**
 * Speaks SOCKS5 with a client up to its request (RFC 1928, sections 3 and 4; RFC 1929). What the client sends after
 * the request stays in the socket.
 *
 * @param client the client's socket, paused
 * @param access who is let in
 * @returns the request; undefined after the client was refused, or when it does not speak SOCKS5
 * @throws {Error} if the client ends before that
 */
export async function handshake(client: Socket, access: Access): Promise<SocksRequest | undefined> {
  const [version = 0, count = 0] = await take(client, 2);
  if (version !== 5) return undefined;
  const offered = await take(client, count);
  const method = access.needsPassword ? Method.password : Method.none;
  if (!offered.includes(method)) {
    client.end(Buffer.of(5, Method.unacceptable));
    return undefined;
  }
  client.write(Buffer.of(5, method));
  if (method === Method.password && !(await authenticate(client, access))) return undefined;
  return await request(client);
}

/** RFC 1929, section 2. */
async function authenticate(client: Socket, access: Access): Promise<boolean> {
  const version = (await take(client, 1))[0];
  const field = async () => (await take(client, (await take(client, 1))[0] ?? 0)).toString('utf8');
  const [user, password] = [await field(), await field()];
  const isAllowed = version === 1 && access.allows(user, password);
  const status = Buffer.of(1, isAllowed ? 0 : 1);
  if (isAllowed) client.write(status);
  else client.end(status);
  return isAllowed;
}

async function request(client: Socket): Promise<SocksRequest | undefined> {
  const [version, command = 0, , type] = await take(client, 4);
  if (version !== 5) return undefined;
  const refuse = (code: Parameters<typeof encodeReply>[0]) => {
    client.end(encodeReply(code));
    return undefined;
  };
  // A name begins with its length.
  const first = await take(client, 1);
  const length = addressLength(type, first[0]);
  if (length === undefined) return refuse(Reply.addressTypeNotSupported);
  const rest = await take(client, length - 1 + 2);
  const to = decodeAddress(type, Buffer.concat([first, rest]));
  return to === undefined ? refuse(Reply.hostUnreachable) : { command, to };
}

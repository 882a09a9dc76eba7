/** A peer of a connection. */
export interface Peer {
  readonly host: string;
  readonly port: number;
}

/** What the emulated modules of this program reach, for a person whose connection has failed. */
export const EMULATED_REACH = 'An emulated module reaches this computer only: localhost, or 127.0.0.1.';

/** Hosts that an emulated module reaches. */
const OWN = /^(?:localhost|127(?:\.\d{1,3}){3})$/i;

/** Why a peer is not reached, by the code of Node's error, and what to do. */
const WHY: Readonly<Record<string, readonly [happened: string, advice: string]>> = {
  ECONNREFUSED: [
    'it refused, or is not there; the module does not say which',
    'Check host and port, and that a server runs there.',
  ],
  ENOTFOUND: ['the name server of the mobile network does not know the name', 'Check it.'],
  EAI_AGAIN: ['the name server did not answer in time', 'Try again, or use an address.'],
  ETIMEDOUT: ['it did not answer in time', 'Check host and port; a firewall may be in between.'],
  ENETDOWN: ['the mobile network is down', 'Try again.'],
};

/** What was tried, by the system call of Node's error; anything else is something that happened to a connection. */
const TRIED: Readonly<Record<string, string>> = {
  connect: 'Cannot connect to',
  getaddrinfo: 'Cannot connect to',
  send: 'Cannot send to',
};

/**
 * An error of Node's sockets in words for a person: what was tried, what happened, what to do.
 *
 * @param error what a socket failed with
 * @param peer who was, or was to be, at the other end
 * @param reach what the network reaches where that is not the Internet: {@link EMULATED_REACH}
 * @returns an error with the same `code`; the error itself where it is in words already, or not one of a system call
 */
export function peerError(error: unknown, { host, port }: Peer, reach?: string): NodeJS.ErrnoException {
  if (error instanceof PeerError) return error;
  const { message, cause, code, syscall } = asOfNode(error as NodeJS.ErrnoException);
  if (code === undefined || syscall === undefined) return error as Error;
  const where = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  const tried = TRIED[syscall];
  const said = cause instanceof Error && 'code' in cause ? cause.message : undefined;
  const broke = `The connection with ${where} broke: ${said ?? 'the peer, or the network between, has ended it.'}`;
  const words = tried === undefined ? broke : `${tried} ${where}: ${reason(code, message, said)}`;
  const beyond = reach !== undefined && tried !== undefined && code !== 'EINVAL' && !OWN.test(host);
  return new PeerError(beyond ? `${firstOf(words)} ${reach}` : words, code, error);
}

/** The errors of the SDK for a connection in transparent mode, which is no socket of Node, by the code that Node has. */
const OF_SDK: Readonly<Record<string, string>> = {
  NO_CARRIER: 'ECONNREFUSED',
  CONNECT_REFUSED: 'ECONNREFUSED',
  NAME_NOT_FOUND: 'ENOTFOUND',
  PEER_TIMEOUT: 'ETIMEDOUT',
};

function asOfNode({
  message,
  cause,
  code,
  syscall,
}: NodeJS.ErrnoException): Pick<NodeJS.ErrnoException, 'message' | 'cause' | 'code' | 'syscall'> {
  const own = syscall === undefined ? OF_SDK[code ?? ''] : undefined;
  return own === undefined
    ? { message, cause, code, syscall }
    : { message: '', code: own, syscall: 'connect' };
}

/** An error of Node's sockets in words. */
class PeerError extends Error implements NodeJS.ErrnoException {
  readonly code: string;

  constructor(message: string, code: string, cause: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

function reason(code: string, message: string, said: string | undefined): string {
  // What Node's texts have after a colon is known beyond the code: who holds all links, what was waited for.
  const [, detail] = /^\w+ E\w+(?: \S+)?: (.*)$/s.exec(message) ?? [];
  if (detail !== undefined) return detail.endsWith('.') ? detail : `${detail}.`;
  const [happened, advice] = WHY[code] ?? [];
  return happened === undefined ? (said ?? `the module reported ${code}.`) : `${happened}. ${advice}`;
}

/** The sentence that says what happened. */
function firstOf(words: string): string {
  return words.replace(/\. [A-Z].*$/s, '.');
}

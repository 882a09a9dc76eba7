import { inboxPrefixOf, serverAdvice } from '@a7600/fleet/server';
import { connect, errors, type NatsConnection, type NodeConnectionOptions } from '@nats-io/transport-node';
import { defer, Observable, Subscription } from 'rxjs';
import type { Console } from '../console.js';
import { authoritiesIn } from '../netcat/certificates.js';
import { keyIn } from './key-file.js';
import type { FleetOptions } from './options.js';

/** Settings of {@link withFleetConnection}. */
export interface FleetConnectionOptions {
  /** The name of the program, for the operator of the server. */
  readonly name: string;
  /** The name of an agent, which owns its inbox. Default: the key, or none. */
  readonly agent?: string;
  /** Whether to wait for a server that is away. Default: it is an error. */
  readonly waits?: boolean;
  /** Whether to say what is known about the version of the server. */
  readonly advises?: boolean;
}

/** A server that does not answer is noticed after two of these, in ms. */
const PING_INTERVAL = 2_000;

/** Time in ms between two attempts to connect again. */
const RECONNECT_PAUSE = 250;

/** Time in ms between two attempts to connect for the first time. */
const FIRST_PAUSE = 1_000;

/** Time in ms for one attempt. */
const CONNECT_TIMEOUT = 3_000;

/** Time in ms for what is still on its way to the server when the program ends. */
const LINGER = 2_000;

/**
 * Connects to the NATS server of a fleet for some work. The connection is made again by itself; it is closed after the work, whatever ends that.
 *
 * @param options the options of the command line
 * @param console where messages go
 * @param settings see {@link FleetConnectionOptions}
 * @param work uses the connection while it is subscribed to
 * @returns as the work does
 * @throws {ServerError} `error`: the server cannot be reached, refuses the user, or has another certificate
 */
export function withFleetConnection<T>(
  options: FleetOptions,
  console: Console,
  settings: FleetConnectionOptions,
  work: (connection: NatsConnection) => Observable<T>,
): Observable<T> {
  return defer(() => {
    const given = connectionOptions(options, settings);
    return new Observable<T>((subscriber) => {
      let opened: NatsConnection | undefined;
      const working = new Subscription();
      let retry: NodeJS.Timeout | undefined;
      const attempt = (isFirst: boolean) =>
        connect(given).then(
          (connection) => {
            if (subscriber.closed) return close(connection);
            opened = connection;
            if (settings.advises) advise(connection, console);
            working.add(work(connection).subscribe(subscriber));
          },
          (error: unknown) => {
            if (subscriber.closed) return;
            const why = explained(error, options);
            if (settings.waits !== true || !isAway(error)) return subscriber.error(why);
            if (isFirst) console.tell(`${why.message} It is tried again until one does.`);
            retry = setTimeout(() => attempt(false), FIRST_PAUSE);
          },
        );
      attempt(true);
      return () => {
        clearTimeout(retry);
        working.unsubscribe();
        if (opened !== undefined) close(opened);
      };
    });
  });
}

function connectionOptions(
  { nats, creds, ca }: FleetOptions,
  { name, agent }: FleetConnectionOptions,
): NodeConnectionOptions {
  const key = creds === undefined ? undefined : keyIn(creds);
  const user = agent ?? key?.publicKey;
  return {
    servers: [...nats],
    name,
    pingInterval: PING_INTERVAL,
    maxPingOut: 2,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_PAUSE,
    // Without it, connecting to a server that is stopped but listens takes 20 s.
    timeout: CONNECT_TIMEOUT,
    // Otherwise each request of its own makes an error with a stack, in case that it fails.
    noAsyncTraces: true,
    ...(key && { authenticator: key.authenticator }),
    ...(user !== undefined && { inboxPrefix: inboxPrefixOf(user) }),
    ...(ca !== undefined && { tls: { ca: authoritiesIn('--ca', ca) } }),
  };
}

function advise({ info }: NatsConnection, console: Console): void {
  for (const line of serverAdvice(info?.version ?? '')) console.tell(line);
}

/** Sends what teardown has to say, then closes; at once if the server does not take it. */
function close(connection: NatsConnection): void {
  const late = setTimeout(() => void connection.close(), LINGER);
  connection
    .flush()
    .then(() => connection.drain())
    .catch(() => connection.close())
    .finally(() => clearTimeout(late));
}

/** Why the server of a fleet cannot be used. */
export class ServerError extends Error {
  readonly code: 'SERVER_AWAY' | 'SERVER_REFUSED' | 'SERVER_UNTRUSTED' | 'SERVER_FAILED';

  constructor(code: ServerError['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** An error of the connection in words for the person who chose it. */
function explained(error: unknown, { nats, creds }: FleetOptions): ServerError {
  const where = nats.join(', ');
  const { code, message } = innermost(error) as NodeJS.ErrnoException;
  if (error instanceof errors.AuthorizationError || /authorization violation/i.test(message)) {
    const remedy =
      creds === undefined
        ? 'Name the file with your key with --creds.'
        : `Ask its operator whether the key of ${creds} is in its configuration.`;
    const message = `The NATS server at ${where} does not let this user in. ${remedy}`;
    return new ServerError('SERVER_REFUSED', message, error);
  }
  if (isAway(error)) {
    const reason = code === undefined ? '' : ` (${code})`;
    return new ServerError(
      'SERVER_AWAY',
      `No NATS server answers at ${where}${reason}. Start one, or name another one with --nats.`,
      error,
    );
  }
  switch (code) {
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return new ServerError(
        'SERVER_UNTRUSTED',
        `The certificate of the NATS server at ${where} is not trusted (${code}). Name the authority's with --ca.`,
        error,
      );
    default:
      return new ServerError(
        'SERVER_FAILED',
        `Cannot connect to the NATS server at ${where}: ${message}.`,
        error,
      );
  }
}

/** Whether no server answers: it may be there later. */
function isAway(error: unknown): boolean {
  const { code = '' } = innermost(error) as NodeJS.ErrnoException;
  return error instanceof errors.TimeoutError || AWAY.has(code);
}

const AWAY = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
]);

function innermost(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  return error.cause instanceof Error ? innermost(error.cause) : error;
}

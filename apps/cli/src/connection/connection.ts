import type { ModemState } from '@a7600/tcpip';
import type { ByteLink, Transport } from '@a7600/transport';
import { captured } from '../capture/captured.js';
import type { Console } from '../console.js';
import type { CommandRunner } from '../shared-line/requests.js';
import { sharedLine } from '../shared-line/shared-line.js';
import { EMULATED_REACH } from '../tunnel/peer-error.js';
import type { Address, ConnectionOptions } from './options.js';
import { type Secrets, secretsOf } from './secrets.js';
import { describe, type Target, targetOf, transportOf } from './target.js';
import { type TraceSinks, traced } from './traced.js';
import { tellingWaits } from './waits.js';

/** The modem that the command line names. */
export interface Connection extends Secrets {
  readonly target: Target;
  /** The target in words: `/dev/ttyUSB2 at 115200 baud`. */
  readonly description: string;
  /** What its network reaches where that is not the Internet, for people. */
  readonly reach: string | undefined;
  /** The access point name, if one was given. */
  readonly apn: string | undefined;
  /** The user name for the access point, if one was given. */
  readonly user: string | undefined;
  /**
   * Opens the port when it is subscribed to. What passes is shown with `--verbose` and written to `--log-file`,
   * secrets removed.
   *
   * @param peer the only host in the network of an emulated module, which is the loopback of this computer without it
   */
  transport(peer?: Address): Transport;
  /** Lets those who share the line (`term --attach`) send commands by this modem, from now on. */
  use(modem: CommandRunner): void;
  /** Is called with each step of the module on its way to be ready; tells what it waits for. */
  onState(state: ModemState): void;
}

/** Makes a {@link Connection} of the options. Throws a `UsageError` for a file that cannot be read. */
export function connectionOf(
  options: ConnectionOptions,
  sinks: TraceSinks,
  { complain, tell }: Pick<Console, 'complain' | 'tell'>,
): Connection {
  const target = targetOf(options);
  const capturing = captured<ByteLink>(options.capture, complain);
  let modem: CommandRunner | undefined;
  return {
    ...secretsOf(options),
    target,
    description: describe(target),
    reach: target.kind === 'emulated' ? EMULATED_REACH : undefined,
    apn: options.apn,
    user: options.user,
    transport: (peer) =>
      transportOf(target, peer).pipe(
        sharedLine(() => modem),
        capturing,
        traced(sinks),
      ),
    use(opened) {
      modem = opened;
    },
    onState: tellingWaits(tell),
  };
}

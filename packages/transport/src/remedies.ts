/**
 * How far a recovery goes, from the least to the most.
 *
 * - `link`: opens the link to the module, the modem and the network again.
 * - `bearer`: detaches the module from the packet network and attaches it again (`AT+CGATT`).
 * - `radio`: switches the radio off and on (`AT+CFUN`).
 * - `reset`: restarts the module (`AT+CRESET`).
 * - `power`: calls the function that cuts the power, presses the power key, …
 */
export type RecoveryLevel = 'link' | 'bearer' | 'radio' | 'reset' | 'power';

/** What has to change before another attempt can succeed; `nothing`: it may succeed at once. */
export type WaitsFor = 'nothing' | 'port' | 'sim' | 'registration' | 'peer' | 'budget' | 'program';

/** What helps against an error, and what does not. */
export interface Remedy {
  /** Whether another attempt can succeed. Where it cannot, retrying ends with the error. */
  readonly retry: boolean;
  /** What an attempt waits for. `program`: the program has to be changed. */
  readonly waitsFor: WaitsFor;
  /**
   * The recovery levels that make sense, from the least to the most. Without one above `link` the
   * module is left alone: what is missing is somewhere else.
   */
  readonly levels: readonly RecoveryLevel[];
  /** What has happened, for the documentation. */
  readonly cause: string;
  /** What a person can do. */
  readonly advice: string;
}

type Entry = readonly [cause: string, advice: string];
type Kind = Pick<Remedy, 'retry' | 'waitsFor' | 'levels'>;

const kind = (waitsFor: WaitsFor, levels: readonly RecoveryLevel[], retry = true): Kind => ({
  retry,
  waitsFor,
  levels,
});

function of<C extends string>(entries: Readonly<Record<C, Entry>>, of: Kind): Record<C, Remedy> {
  const remedies = Object.entries<Entry>(entries).map(([code, [cause, advice]]) => [
    code,
    { ...of, cause, advice },
  ]);
  return Object.fromEntries(remedies) as Record<C, Remedy>;
}

/** Ends: no attempt can change it. */
const HOPELESS = kind('program', [], false);
/** A person, or another program, may change it at any time; the module has no part in it. */
const PORT = kind('port', []);
const SIM = kind('sim', []);
const PEER = kind('peer', []);
const OPEN_AGAIN = kind('nothing', ['link']);
const ANY = kind('nothing', ['link', 'bearer', 'radio', 'reset', 'power']);
/** The module answers: to cut its power cannot give more than to restart it. */
const ANSWERING = kind('nothing', ['link', 'bearer', 'radio', 'reset']);
/** The module does not listen, or keeps restarting: nothing that is asked of it can help. */
const DEAF = kind('nothing', ['link', 'power']);

/**
 * The one table of remedies: each error code of the SDK, what it waits for, and which recovery
 * levels make sense. `reconnect` and `keepOnline` decide by it and by nothing else.
 */
export const remedies = {
  ...of(
    {
      INVALID_ARGUMENT: ['An argument is out of its range.', 'Correct the program.'],
      UNSUPPORTED: ['The port, the server or the module has no such thing.', 'Use another port or setting.'],
      MULTIPLEXER_REFUSED: [
        'The module refused to multiplex the line, or a channel of it.',
        'Use the ports that the module has, or fewer channels.',
      ],
      UNSUPPORTED_MODULE: [
        'The module belongs to a family with other TCP/IP commands.',
        'Use a module of the A7600, A7670, SIM7500 or SIM7600 series.',
      ],
      TELNET_SERVER: [
        'The server negotiates Telnet options on a connection that should be raw.',
        'Use `rfc2217()` if the server offers it, or set its port to raw TCP.',
      ],
      PORT_DENIED: ['This user may not open the port.', 'Join the group that owns it, or add a udev rule.'],
      WRONG_PORT: [
        'The port is another one of the module: it prints positions (NMEA) or diagnostics.',
        'Open the port for AT commands; `listModems()` names it.',
      ],
      ADDRESS_REFUSED: [
        'The module cannot use that address.',
        'Use an address of the family of the network.',
      ],
      WRONG_MODE: ['The network is open for another use.', 'Open it with the other `transparent` setting.'],
      PIN_REFUSED: ['The SIM refused the PIN. The third wrong one locks it.', 'Give the right `pin`.'],
      SIM_LOCKED: [
        'The SIM wants a PIN or PUK that was not given.',
        'Give `pin`, or unlock the SIM in a phone.',
      ],
      NOT_SET_UP: [
        'The bucket or the stream of the fleet is missing, or has other settings.',
        'Run `setUpFleet` once with the credentials of an administrator.',
      ],
      NOT_PERMITTED: ['The server does not let this user do that.', 'Use the credentials of another role.'],
      MODEM_AMBIGUOUS: [
        'Several present agents claim that IMEI, or two processes run as one agent.',
        'Name the agent, too: `ROOF-17/east`. Give each agent a name of its own.',
      ],
      LEASE_REQUIRED: [
        'The command changes the modem for all.',
        'Take a lease, and use the modem that it gives.',
      ],
      LEASE_LOST: ['The lease is over.', 'Take another one, and look at the state of the modem first.'],
      OUTCOME_UNKNOWN: [
        'No reply came in time: the command was executed or not.',
        'Ask the modem for its state before you repeat it.',
      ],
      ABORTED: ["The caller's signal was aborted.", 'Nothing.'],
      CLOSED: ['The modem, the network or the server was closed from this side.', 'Open it again.'],
    },
    HOPELESS,
  ),
  ...of(
    {
      PORT_NOT_FOUND: ['There is no such port.', 'Plug the module in and power it; check the name.'],
      PORT_BUSY: ['Another program has the port open.', 'Close it there; stop ModemManager.'],
      PORT_FAILED: ['The port cannot be opened for another reason.', 'Read the message.'],
      CONNECTION_REFUSED: [
        'No program listens at that port of the host.',
        'Start the server; check the port.',
      ],
      HOST_NOT_FOUND: ['The name of the host could not be resolved.', 'Check the name and the DNS servers.'],
      HOST_UNREACHABLE: ['No route leads to the host.', 'Check the network of this computer.'],
      CONNECT_TIMEOUT: [
        'The host did not answer in time.',
        'Check the address; a firewall may drop packets.',
      ],
      CONNECT_FAILED: ['The connection could not be made.', 'Read the message.'],
      PROTOCOL: ['The other side breaks the protocol, or a recording its format.', 'Read the message.'],
    },
    PORT,
  ),
  ...of(
    {
      SIM_MISSING: ['The module has no SIM.', 'Insert it; check the holder.'],
      SIM_NOT_READY: ['The SIM is busy or failed.', 'Wait; check its contacts.'],
    },
    SIM,
  ),
  ...of(
    {
      NOT_REGISTERED: ['The module finds no network.', 'Check antenna, signal and SIM.'],
    },
    kind('registration', ['link', 'bearer', 'radio', 'reset', 'power']),
  ),
  ...of(
    {
      RADIO_OFF: ['The radio is switched off (`AT+CFUN` 0 or 4).', 'Switch it on: `AT+CFUN=1`.'],
      REGISTRATION_DENIED: [
        'The network refuses the SIM: not paid, not activated, no roaming, or barred for some time.',
        'Ask the provider.',
      ],
    },
    // Attaching again makes the network decide again; the power of the module has no part in it.
    kind('registration', ['link', 'bearer', 'radio', 'reset']),
  ),
  ...of(
    {
      NETWORK_REFUSED: [
        'The module could not open the network.',
        'Check the APN, the PDP type and the signal.',
      ],
      BEARER_STALLED: [
        'Module and network say that all is open, and no data passes.',
        'Wait for the recovery; ask the provider if it stays.',
      ],
    },
    kind('nothing', ['link', 'bearer', 'radio', 'reset', 'power']),
  ),
  ...of(
    {
      CHECK_FAILED: [
        'The `check` of the network got no answer, and nothing else shows whether data passes.',
        'Check the host of the `check`.',
      ],
    },
    // Its host may be down while all else works, so nothing is done that takes longer than to attach again.
    kind('nothing', ['link', 'bearer']),
  ),
  ...of(
    {
      NETWORK_CHANGED: [
        'The network is open, and not what it was opened as: another program has changed it.',
        'Nothing: it is opened again. Let no other program use the module.',
      ],
      TRANSPORT_CLOSED: ['The link had ended before.', 'Nothing: it is opened again.'],
      TRANSPORT_LOST: ['The link broke: unplugged, hung up, reset.', 'Check the cable and the power.'],
      SETTING_REFUSED: [
        'The module did not keep a setting that the SDK needs, or the line damaged the answers.',
        'Check the line; use RTS/CTS, or a lower baud rate.',
      ],
      FRAMING_LOST: ['Bytes of a block were lost on the line.', 'Use RTS/CTS, or a lower baud rate.'],
    },
    OPEN_AGAIN,
  ),
  ...of(
    {
      MODULE_SILENT: ['The module does not answer.', 'Check power, port and baud rate.'],
      MODULE_RESTARTED: ['The module restarted by itself.', 'Check its supply if that repeats.'],
      RESTART_LOOP: [
        'The module restarts again and again.',
        'Check the supply: it must deliver 2 A when the module transmits. Check the antenna.',
      ],
    },
    DEAF,
  ),
  ...of(
    {
      NETWORK_LOST: ['The network was lost, and every socket with it.', 'Nothing: it is opened again.'],
      NOT_READY: ['What was opened did not get ready in time.', 'Nothing: it is tried again.'],
      TIMEOUT: ['Something took longer than it may.', 'Nothing: it is tried again.'],
    },
    ANY,
  ),
  ...of(
    {
      UNREADABLE_ANSWER: ['A line of an answer is missing or damaged.', 'Check the line; use RTS/CTS.'],
      REFUSED: ['The module answered `ERROR` without a reason.', 'Check the command and its arguments.'],
      CME_ERROR: ['The module refused a command, with its reason.', 'Read the reason.'],
      IP_ERROR: ['The module refused a TCP/IP command, with its reason.', 'Read the reason.'],
      SOCKET_ERROR: ['The module refused a TCP/IP command, with its number.', 'Read the number.'],
    },
    ANSWERING,
  ),
  ...of(
    {
      LINK_CLOSED: ['The socket ended before the operation was complete.', 'Connect again.'],
      NO_CARRIER: ['There is no connection to enter data mode with.', 'Connect again.'],
      PEER_TIMEOUT: ['The peer did not answer in time.', 'Check host and port; a firewall may drop packets.'],
      CONNECT_REFUSED: ['The peer could not be reached, or refused the connection.', 'Check host and port.'],
      NAME_NOT_FOUND: ['The name servers of the network do not know the name.', 'Check the name.'],
      PORT_IN_USE: ['Another server or socket of the module uses the port.', 'Choose another port.'],
      CAPACITY: ['All links or servers of the module are in use.', 'Close some.'],
    },
    PEER,
  ),
  ...of(
    {
      AGENT_GONE: ['No process of that agent is there.', 'Look at the machine of the agent.'],
      ENGINE_AWAY: ['The connection to the NATS server is away.', 'Look at the server and the way to it.'],
      DEADLINE_PASSED: ['The agent came to the request after its deadline.', 'Nothing: it was not executed.'],
      MODEM_UNKNOWN: ['No agent offers that modem.', 'Check name and IMEI with `a7600 fleet list`.'],
      MODEM_OFFLINE: ['The modem has no open network.', 'Look at its state and its last error.'],
      NO_MODEM: ['No modem fits what was asked for.', 'Ask for less, or wait for one.'],
      LEASE_HELD: ['Another holder has the lease.', 'Wait until it is released.'],
      STREAM_LOST: ['The other side of a stream is gone.', 'Open another one.'],
    },
    PEER,
  ),
  ...of(
    { BUDGET_SPENT: ['The budget of bytes is used up.', 'Wait for the next period, or raise the budget.'] },
    kind('budget', []),
  ),
} as const satisfies Readonly<Record<string, Remedy>>;

/** A code that has a remedy. */
export type RemedyCode = keyof typeof remedies;

/**
 * Reasons of a refusal that say more than its code: the code that is decided by instead, by the module's number.
 * `CME_ERROR`: 3GPP TS 27.007, 9.2; `IP_ERROR`: application note, 4.1, first table.
 */
export const refusalReasons: Readonly<Record<string, Readonly<Record<number, RemedyCode>>>> = {
  CME_ERROR: {
    4: 'UNSUPPORTED',
    10: 'SIM_MISSING',
    11: 'SIM_LOCKED',
    12: 'SIM_LOCKED',
    13: 'SIM_NOT_READY',
    14: 'SIM_NOT_READY',
    15: 'SIM_NOT_READY',
    16: 'PIN_REFUSED',
    30: 'NOT_REGISTERED',
    31: 'NOT_REGISTERED',
    32: 'REGISTRATION_DENIED',
    50: 'INVALID_ARGUMENT',
    103: 'REGISTRATION_DENIED',
    106: 'REGISTRATION_DENIED',
    107: 'REGISTRATION_DENIED',
    111: 'REGISTRATION_DENIED',
    112: 'REGISTRATION_DENIED',
    113: 'REGISTRATION_DENIED',
    133: 'REGISTRATION_DENIED',
    149: 'REGISTRATION_DENIED',
  },
  IP_ERROR: { 12: 'INVALID_ARGUMENT', 13: 'UNSUPPORTED' },
};

/** What is done about an error that the SDK does not know: it is tried again, and the module left alone. */
const UNKNOWN: Remedy = { ...OPEN_AGAIN, cause: 'An error of another program.', advice: 'Read the message.' };

/**
 * The remedy for an error, by its `code` and, where the module gave a reason for a refusal, by that
 * (`refusalReasons`); for one of another origin, trying again. A reason ends nothing, since the line may have
 * damaged the command, but for a wrong PIN: another attempt may lock the SIM.
 *
 * @param error the error of any package of the SDK
 * @returns the row of the table for its code, or for its reason
 */
export function remedyOf(error: unknown): Remedy {
  const { code, number } = (error instanceof Error ? error : {}) as { code?: unknown; number?: unknown };
  if (typeof code !== 'string' || !Object.hasOwn(remedies, code)) return UNKNOWN;
  const reason = Object.hasOwn(refusalReasons, code) ? refusalReasons[code]?.[Number(number)] : undefined;
  if (reason === undefined) return remedies[code as RemedyCode];
  return reason === 'PIN_REFUSED' ? remedies[reason] : { ...remedies[reason], retry: true };
}

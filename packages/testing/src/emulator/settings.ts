import { DEFAULT_FORMAT, type SerialFormat } from './line/serial-format.js';
import type { Profile } from './profiles/profile.js';

/** What `AT&W` stores and `ATZ` brings back, of each port (protocol 4.5). */
export interface UserProfile {
  /** `ATE`. */
  echo: boolean;
  /** `ATQ`. */
  quiet: boolean;
  /** `ATV`. */
  verbose: boolean;
  /** `ATX`. */
  connectText: number;
  /** `AT&C`: 0 DCD is always on, 1 it follows the transparent connection. */
  dcd: number;
  /** `AT&D`: what happens when DTR goes off. */
  dtr: number;
  /** `AT+IFC`: 2 the module holds the host back by RTS, and 2 it heeds the host's. */
  flow: readonly [module: number, host: number];
  /** `ATS0`. */
  ringsToAnswer: number;
}

/** What AT commands set for the port on which they come, and a restart forgets. */
export interface PortSettings extends UserProfile {
  /** `ATS3` and so on, by number. */
  registers: Record<RegisterNumber, number>;
  /** `ATL`: the loudness of a loudspeaker that the module does not have. */
  loudness: number;
  /** `ATM`: when the loudspeaker would be on. */
  speaker: number;
  /** `AT&S`: 0 DSR is always on, 1 it is on in data mode. */
  dsr: number;
  /** `AT+IPR`, `AT+ICF`. */
  format: SerialFormat;
}

/** What AT commands set for the whole module, and a restart forgets. */
export interface Settings {
  /** `AT+CMEE`. */
  cmee: number;
  /** `AT+CATR`: the port that gets unsolicited lines, 0 for all; ours is 1. */
  urcPort: number;
  /** `AT+CURCD`, in ms. */
  urcDelay: number;
  /** `AT+CGEREP`: 0 keeps `+CGEV` back. */
  packetEvents: number;
  /** `AT+COPS=3`: 0 the operator's long name, 1 its short one, 2 its number. */
  operatorFormat: number;
  /** `AT+CFGRI`: the RI line pulses at each unsolicited line. */
  ringsForReports: boolean;
  /** `AT+CSCLK`: 1 sleeps while DTR is off, 2 while nothing is received. */
  sleep: number;
  /** `AT+CREG`, `AT+CGREG`, `AT+CEREG`: 1 reports changes, 2 with the cell. */
  registrationReports: Record<string, number>;
  /** `AT+AUTOCSQ`. */
  signalReports: 'off' | 'timed' | 'changes';
  /** `AT+CSQDELTA`: the least change of the signal that is reported. */
  signalStep: number;

  /** `AT+CTZR`. */
  timeReports: number;

  /** `AT+CIPRXGET`: what comes in is buffered, or pushed. */
  buffered: boolean;
  /** `AT+CIPRXGET=5`. */
  notifiesAddress: boolean;
  /** `AT+CIPMODE`; counts from the next `AT+NETOPEN` on. */
  transparent: boolean;
  /** `AT+CIPSENDMODE`: the result of a send waits for the peer's acknowledgement. */
  awaitsAcknowledgement: boolean;
  /** `AT+CIPTIMEOUT`, in ms. */
  timeouts: { netOpen: number; connect: number; send: number };
  /** `AT+CIPHEAD`. */
  showsLength: boolean;
  /** `AT+CIPSRIP`. */
  showsSender: boolean;
  /** `AT+CSOC`: how often TCP tries again to connect, and to send. */
  synRetries: number;
  /** `AT+CSOC="Tcp rxt"`: how often TCP sends again. */
  dataRetries: number;
  /** Fields 1 and 7 of `AT+CIPCCFG`: how often TCP sends again, and the shortest time before, in ms. */
  retransmissions: number;
  /** Field 7 of `AT+CIPCCFG`: the shortest time before TCP sends again, in ms. */
  retransmissionTime: number;
  /** Fields 3 and 6 of `AT+CIPCCFG`: the one has a single value, of the other no effect is known. */
  acknowledge: number;
  /** Field 6 of `AT+CIPCCFG`, of which no effect is known. */
  async: number;
  /** Field 2, in ms. */
  pushDelay: number;
  /** Field 4: `+IP ERROR` with words. */
  errorsAsText: boolean;
  /** Field 5: 1 puts the link's number into the header. */
  headerType: number;
  /** Field 8: each read gives one datagram. */
  readsDatagrams: boolean;
  /** `AT+CIPCFG="DATAECHO"`: with echo on, payload is echoed too. */
  dataEcho: boolean;
  /** `AT+CIPCFG="transwaittm"`, in ms. */
  packingTime: number;
  /** `AT+CTCPKA`: minutes, and how many probes. */
  keepAlive: { on: boolean; idle: number; count: number; interval: number };
  /** `AT+CSOCKSETPN`: 1 IPv4, 6 IPv6. */
  addressFamily: number;
  /** `AT+CSOC`: bytes that a link keeps for the host at most, and the time in ms of a name server. */
  receiveWindow: number;
  /** `AT+CSOC="DnsTmr"`: how long a name server may take, in ms. */
  nameTimeout: number;
  /** `AT+CDNSCFG`; undefined asks those of the network. */
  nameServers: readonly [primary: string, secondary: string] | undefined;
}

/** What the module stores by itself, so that a restart keeps it. */
export interface Stored {
  /** `AT+CGDCONT`. */
  readonly contexts: Map<number, Context>;
  /** `AT+CGAUTH`, by context. */
  readonly credentials: Map<number, Credentials>;
  /** `AT&W`. */
  user: UserProfile;
  /** `AT+IPREX`. */
  baudRate: number;
  /** `AT+CTZU`. */
  timeUpdates: number;
}

/** How a PDP context says who it is. */
export interface Credentials {
  /** 0 not at all, 1 by PAP, 2 by CHAP. */
  readonly type: number;
  /** Empty where none is given. */
  readonly password: string;
  /** Empty where none is given. */
  readonly user: string;
}

/** What a context has that `AT+CGAUTH` has not set. */
export const NO_CREDENTIALS: Credentials = { type: 0, password: '', user: '' };

/** A PDP context as `AT+CGDCONT` defines it. */
export interface Context {
  /** `IP`, `IPV6` or `IPV4V6`. */
  readonly type: string;
  /** The access point name; empty lets the network choose. */
  readonly apn: string;
}

/**
 * The S registers but S0, as ITU-T V.250 numbers them. 3, 4 and 5 are the characters that end a
 * command line, end a line of an answer and erase a character; the others are about dialling.
 */
export type RegisterNumber = 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11;

const REGISTERS: Readonly<Record<RegisterNumber, number>> = {
  3: 13,
  4: 10,
  5: 8,
  6: 2,
  7: 50,
  8: 2,
  9: 6,
  10: 14,
  11: 95,
};

export function factoryProfile(profile: Profile): UserProfile {
  return {
    echo: true,
    quiet: false,
    verbose: true,
    connectText: profile.connectText,
    dcd: 1,
    dtr: 0,
    flow: [0, 0],
    ringsToAnswer: 0,
  };
}

export function factoryStored(profile: Profile): Stored {
  return {
    contexts: new Map([[1, { type: 'IP', apn: '' }]]),
    credentials: new Map([[1, NO_CREDENTIALS]]),
    user: factoryProfile(profile),
    baudRate: DEFAULT_FORMAT.baudRate,
    timeUpdates: 0,
  };
}

/** What no profile stores. */
export function volatilePortSettings(): Pick<PortSettings, 'registers' | 'loudness' | 'speaker' | 'dsr'> {
  return { registers: { ...REGISTERS }, loudness: 0, speaker: 0, dsr: 0 };
}

/** The settings of a port after a start. */
export function defaultPortSettings(profile: Profile, { baudRate }: Stored): PortSettings {
  return {
    ...factoryProfile(profile),
    ...volatilePortSettings(),
    format: { ...DEFAULT_FORMAT, baudRate },
  };
}

/** The settings of the module after a start. */
export function defaultSettings(): Settings {
  return {
    cmee: 2,
    urcPort: 0,
    urcDelay: 0,
    packetEvents: 2,
    operatorFormat: 0,
    ringsForReports: false,
    sleep: 0,
    registrationReports: { '+CREG': 0, '+CGREG': 0, '+CEREG': 0 },
    signalReports: 'off',
    signalStep: 5,
    timeReports: 0,
    buffered: false,
    notifiesAddress: false,
    transparent: false,
    awaitsAcknowledgement: false,
    timeouts: { netOpen: 120_000, connect: 120_000, send: 120_000 },
    showsLength: true,
    showsSender: true,
    synRetries: 6,
    dataRetries: 6,
    retransmissions: 10,
    acknowledge: 0,
    async: 0,
    retransmissionTime: 500,
    pushDelay: 0,
    errorsAsText: true,
    headerType: 0,
    readsDatagrams: false,
    dataEcho: true,
    packingTime: 100,
    keepAlive: { on: false, idle: 2, count: 5, interval: 1 },
    addressFamily: 1,
    receiveWindow: 64_240,
    nameTimeout: 6_000,
    nameServers: undefined,
  };
}

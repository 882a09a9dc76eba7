import { ExitCode } from '../exit-code.js';

type Row = readonly [exit: ExitCode, title: string, advice: string];

/**
 * Every verdict: exit code, what is the matter, what to do about it. The title says no more than the checks
 * can prove; where a fault has several usual causes, the advice names them.
 */
const rows = {
  WORKS: [ExitCode.Done, 'The modem works.', ''],

  // This computer and the port.
  NO_MODEM: [
    ExitCode.Port,
    'No SIMCom modem is plugged into USB.',
    'Plug it in and power it; some boards have a switch or a power key. A modem on a UART is named with --serial.',
  ],
  PORT_NOT_FOUND: [
    ExitCode.Port,
    'There is no such serial port.',
    'Check the name: the list of ports shows what is there. A module that restarts may come back under another name.',
  ],
  PORT_DENIED: [
    ExitCode.Port,
    'This user may not open the port.',
    'Join the group that owns it, and log in again. Who may not use sudo asks who administers this computer.',
  ],
  MODEM_MANAGER: [
    ExitCode.Port,
    'The port is in use while ModemManager is running, which takes modem ports by itself.',
    'Stop it, or let it ignore the modem: a file in /etc/udev/rules.d with the line ' +
      'ACTION!="remove", ATTRS{idVendor}=="1e0e", ENV{ID_MM_DEVICE_IGNORE}="1"',
  ],
  PORT_BUSY: [
    ExitCode.Port,
    'Another program has the port open.',
    'End that program. Another a7600 shares its line: term --attach.',
  ],
  PORT_FAILED: [
    ExitCode.Port,
    'The system cannot open the port.',
    'Check that it is a serial port, and what the system log says about it.',
  ],
  WRONG_PORT: [
    ExitCode.Port,
    'The port is not the one for AT commands: it prints the positions of the satellite receiver (NMEA).',
    'Use the port for AT commands of the same module.',
  ],
  CONNECTION_REFUSED: [
    ExitCode.Port,
    'No program listens on that port of the server.',
    'Start the serial server, for instance ser2net, and check the port number.',
  ],
  HOST_NOT_FOUND: [ExitCode.Port, 'The name of the server has no address.', 'Check the name.'],
  HOST_UNREACHABLE: [ExitCode.Port, 'No route leads to the server.', 'Check the network of this computer.'],
  CONNECT_TIMEOUT: [
    ExitCode.Port,
    'The server did not answer in time.',
    'Check the address, and whether a firewall is in between.',
  ],
  CONNECT_FAILED: [ExitCode.Port, 'The connection to the server could not be made.', 'Read the evidence.'],
  TELNET_SERVER: [
    ExitCode.Port,
    'The server speaks Telnet, which changes bytes.',
    'Use --rfc2217 if the server offers that (ser2net: telnet(rfc2217)), or set its port to raw TCP.',
  ],
  SERVER_WITHOUT_PORT: [
    ExitCode.Port,
    'The server accepted the connection and closed it without an answer of a module.',
    'Often its serial device is unplugged or in use there. Look at the server and its log.',
  ],
  NOT_RFC2217: [
    ExitCode.Port,
    'The server does not speak RFC 2217.',
    'Use --tcp if it is a raw port, or switch RFC 2217 on in the server.',
  ],
  LINK_LOST: [
    ExitCode.Port,
    'The link to the module broke while it was examined.',
    'Check the cable. A module whose supply drops leaves USB in the same way.',
  ],
  RECORDING_DAMAGED: [
    ExitCode.Usage,
    'The recording cannot be used.',
    'The evidence says where it ends or differs. Record the module once more.',
  ],
  PROGRAM_FAULT: [
    ExitCode.Fault,
    'The program itself failed: a fault of a7600, which says nothing about the modem.',
    'Report it with this text and a bundle (--bundle FILE); secrets are removed from that.',
  ],

  // The serial line and the module.
  MODULE_SILENT: [
    ExitCode.Module,
    'Nothing answers on the port.',
    'Check power and power key of the module, TX and RX, and that this is its port for AT commands. A module that was ' +
      'told to sleep by DTR (AT+CSCLK=1) hears nothing until DTR is asserted: connect it, or restart the module.',
  ],
  WRONG_RATE: [
    ExitCode.Module,
    'The module answers at another baud rate.',
    'Use that rate, or set the module to yours with AT+IPREX.',
  ],
  UNREADABLE: [
    ExitCode.Module,
    'Bytes come that are neither text nor an answer.',
    'The baud rate or the framing may differ, the ground may be missing, or this is the port for diagnostics.',
  ],
  LOOPBACK: [
    ExitCode.Module,
    'Everything that is sent comes back, and no answer follows.',
    'TX and RX may be connected with each other; the port may be one that echoes what it is sent.',
  ],
  DATA_MODE: [
    ExitCode.Module,
    'The module was in data mode: an earlier program left a transparent connection open.',
    'The check has left data mode. Close the connection there, or keep it from now on.',
  ],
  SLEEPS: [
    ExitCode.Module,
    'The module sleeps: the first bytes after a pause only wake it.',
    'Switch sleeping off, or wake the module with a byte and a pause before each command.',
  ],
  NOT_A_MODEM: [
    ExitCode.Module,
    'What answers is no module of a supported family.',
    'Supported are A5360, A7600, A7670 and A7672 series, SIM7500 and SIM7600.',
  ],
  UNSUPPORTED_MODULE: [
    ExitCode.Module,
    'The module belongs to a family with other TCP/IP commands (AT+CAOPEN).',
    'Use an A7600, A7670, SIM7500 or SIM7600 series module.',
  ],
  LINE_DAMAGED: [
    ExitCode.Module,
    'The serial line damages or loses bytes.',
    'Use shorter cables, a common ground, RTS/CTS or a lower baud rate.',
  ],
  STOPPED_ANSWERING: [
    ExitCode.Module,
    'The module answered at first, and then no more.',
    'Check its supply: it must deliver 2 A when the module transmits. Then restart the module.',
  ],
  MODULE_RESTARTED: [
    ExitCode.Module,
    'The module restarted by itself while it was examined.',
    'Check its supply if that repeats: it must deliver 2 A when the module transmits.',
  ],
  RESTART_LOOP: [
    ExitCode.Module,
    'The module restarts again and again.',
    'Check the supply and its cables: it must deliver 2 A when the module transmits. Check the antenna.',
  ],
  SUPPLY_LOW: [
    ExitCode.Module,
    'The supply voltage of the module is too low.',
    'It must stay above 3.4 V, also when the module transmits (2 A).',
  ],
  SUPPLY_HIGH: [
    ExitCode.Module,
    'The supply voltage of the module is too high.',
    'It must stay below 4.2 V.',
  ],
  TOO_HOT: [
    ExitCode.Module,
    'The module is too hot.',
    'Its range ends at 85 degrees Celsius; some types stop at 70. Let it cool down.',
  ],
  TOO_COLD: [ExitCode.Module, 'The module is too cold.', 'Its range begins at -40 degrees Celsius.'],

  // The SIM.
  SIM_MISSING: [
    ExitCode.Sim,
    'The module finds no SIM.',
    'Insert it, check which way round, and its holder.',
  ],
  SIM_FAILED: [ExitCode.Sim, 'The SIM does not work.', 'Clean its contacts; try it in a phone.'],
  SIM_NOT_READY: [ExitCode.Sim, 'The SIM does not get ready.', 'Check that it sits well in its holder.'],
  SIM_PIN: [
    ExitCode.Sim,
    'The SIM asks for its PIN.',
    'Write the PIN to a file that only you can read, and name it. A third wrong one locks the SIM.',
  ],
  PIN_REFUSED: [
    ExitCode.Sim,
    'The SIM refused the PIN.',
    'It is not tried again, because the third wrong one locks the SIM. Check the file.',
  ],
  SIM_PUK: [
    ExitCode.Sim,
    'The SIM is locked and asks for its PUK.',
    'Unlock it in a phone with the PUK of its provider: ten wrong ones destroy it.',
  ],
  SIM_LOCKED: [
    ExitCode.Sim,
    'The module or the SIM has a lock that only its provider opens.',
    'Use a SIM of that provider, or ask it for the code.',
  ],

  // The mobile network.
  RADIO_OFF: [ExitCode.Registration, 'The radio of the module is switched off.', 'Switch it on.'],
  DESELECTED: [
    ExitCode.Registration,
    'The module was told to stay out of every network (AT+COPS=2).',
    'Let it choose a network by itself.',
  ],
  NO_SIGNAL: [
    ExitCode.Registration,
    'The module receives no network.',
    'Check that the antenna is on the right connector (MAIN), and the place. The SIM may need other bands.',
  ],
  MODE_RESTRICTED: [
    ExitCode.Registration,
    'No network has registered the module, which may use networks of some generations only (AT+CNMP).',
    'Let it use all of them. If that does not help, the cause is another one.',
  ],
  NOT_REGISTERED: [
    ExitCode.Registration,
    'The module receives a signal, and no network has registered it.',
    'Check the SIM with its provider, the bands (AT+CNMP), and the antenna.',
  ],
  REGISTRATION_DENIED: [
    ExitCode.Registration,
    'The network denied the registration.',
    'The SIM may be inactive, unpaid, barred, or not allowed to roam: ask its provider.',
  ],
  NOT_ATTACHED: [
    ExitCode.Network,
    'The module is registered, and detached from the packet network (AT+CGATT).',
    'Attach it. If it stays detached, ask the provider whether the SIM may use data.',
  ],
  NO_APN: [
    ExitCode.Network,
    'The network gives no connection, and no access point name is set.',
    "Give the access point name of the SIM's provider; it is on the provider's pages.",
  ],
  APN_REFUSED: [
    ExitCode.Network,
    'The network gives no connection with this access point name.',
    'Check its spelling with the provider of the SIM, and whether it wants a user name and a password.',
  ],
  WRONG_FAMILY: [
    ExitCode.Network,
    'The module asks for IPv6 addresses, and the network gives no connection.',
    'Set it back to IPv4 (AT+CSOCKSETPN=1,1).',
  ],
  IPV6_ONLY: [
    ExitCode.Network,
    'The network gave an IPv6 address only, and what was asked for is not reachable with it.',
    'Ask for IPv4 in the PDP context (AT+CGDCONT=1,"IP",…), use another access point, or peers with IPv6.',
  ],
  CAPACITY: [
    ExitCode.Refused,
    'All ten links of the module are in use.',
    'An earlier program left them open. Close some, or the network.',
  ],
  NO_DATA: [
    ExitCode.Network,
    'The network is open, and no data passes: neither a name nor a connection was answered.',
    'Switch the radio off and on. If it stays, ask the provider: the volume may be used up.',
  ],
  DNS_DEAD: [
    ExitCode.Network,
    'Connections pass, and no name is resolved.',
    'Set other name servers (AT+CDNSCFG), or use addresses.',
  ],
  NAME_NOT_FOUND: [
    ExitCode.Refused,
    'The name of the host is unknown; other names are resolved.',
    'Check the name.',
  ],
  PEER_REFUSED: [
    ExitCode.Refused,
    'The host did not take the connection; name servers answer, so data passes.',
    'Check host and port. The module does not say whether the host refused or was not reachable.',
  ],
  PEER_SILENT: [
    ExitCode.Refused,
    'The host does not answer; name servers answer, so data passes.',
    'Check host and port; a firewall there, or the provider, may drop packets.',
  ],
  CLOCK_WRONG: [
    ExitCode.Refused,
    'The clock of this computer and that of the network differ, which breaks TLS.',
    'Set the clock of this computer.',
  ],
} as const satisfies Readonly<Record<string, Row>>;

/** The name of a verdict, stable across releases. */
export type VerdictCode = keyof typeof rows;

/** What `doctor` concludes: the first cause in the chain. */
export interface Verdict {
  readonly code: VerdictCode;
  readonly exit: ExitCode;
  readonly title: string;
  readonly advice: string;
  /** The module's own words, or those of this computer. */
  readonly evidence: readonly string[];
  /** The next command to type; undefined for a recording of a modem that works. */
  readonly next: string | undefined;
}

/** Every code, for the pages and the tests. */
export const verdictCodes = Object.keys(rows) as readonly VerdictCode[];

/** Makes a verdict of the catalogue. */
export function verdict(code: VerdictCode, evidence: readonly string[] = [], next?: string): Verdict {
  const [exit, title, advice] = rows[code];
  return { code, exit, title, advice, next, evidence: evidence.filter((line) => line !== 'OK') };
}

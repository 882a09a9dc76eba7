/**
 * What of the parameters of a command, and of the lines with its name, is public. One letter for
 * each parameter; the last one stands for all that follow; what is not listed is not shown.
 *
 * - `n`: a number that the protocol defines, of five digits at the most: a link, a port, a mode, a result.
 * - `N`: the same of seven digits: a time in ms, a rate, the length of a transfer.
 * - `w`: words that the protocol defines: `"TCP"`, `SIM PIN`, `NETWORK CLOSED UNEXPECTEDLY`.
 * - `v`: a voltage: `3.800V`.
 * - `o`: the number of an operator, five or six digits.
 * - `e`: the number of an error, of two digits at the most.
 * - `b`: the band of a cell: `EUTRAN-BAND3`.
 * - `-`: never shown.
 */
export type Parameters = string;

/** Commands all of whose parameters are numbers, of seven digits at the most, or words of the protocol. */
const LONG =
  'CIPTIMEOUT CIPCCFG CIPACK CIPRXGET IPR IPREX HTTPACTION HTTPREAD HTTPDATA HTTPHEAD CCHSEND CCHRECV CHTTPSSEND';

/** The same with numbers of five digits at the most. */
const OPEN =
  'CIPMODE CIPSEND CIPCLOSE CIPHEAD CIPSRIP CIPSENDMODE CTCPKA NETOPEN ' +
  'NETCLOSE IPCLOSE SERVERSTART SERVERSTOP CIPEVENT CDNSCFG CSQ CFUN CSCLK CMEE CATR IFC ICF ' +
  'CGATT CGACT CNMP CNSMOD CRESET CPOF CPOWD CMGF CMGD CNMI CSMP CSDH CPMS CMTI CSCS CUSD CGEV CCHSTART ' +
  'CCHSTOP CCHOPEN CCHCLOSE CCHEVENT CCHSET HTTPINIT HTTPTERM ' +
  'CHTTPSSTART CHTTPSSTOP CHTTPSOPSE CHTTPSCLSE CMQTTSTART CMQTTSTOP CMQTTREL CMQTTDISC ' +
  'CMQTTPUB CMQTTSUB CMQTTUNSUB CMQTTTOPIC CMQTTPAYLOAD CMQTTWILLTOPIC CMQTTWILLMSG CMQTTSUBTOPIC ' +
  'CMQTTUNSUBTOPIC CMQTTCONNLOST CMQTTNONET CMQTTRXSTART CMQTTRXTOPIC CMQTTRXPAYLOAD CMQTTRXEND CTZU CTZR ' +
  'CVHU CLCK AUTOCSQ CEER CGREP CSCON ATREADY REJCAUSE CSPN ISIMAID BANDIND SIMCARD CGPS CGNSSPWR CHUP CSDVC CPMUTEMP SPIC CAOPEN CSOCKSETPN';

/** Commands with parameters that are not for everybody. */
const OTHERS: Readonly<Record<string, Parameters>> = {
  CPIN: '-',
  CBC: 'v',
  CIPOPEN: 'nw-nnn',
  CIPSENDSTR: 'n-',
  CIPCFG: 'n',
  CLIENT: 'nn-',
  CIPUDPOPEN: 'n-',
  CDNSGIP: 'n-',
  CPING: 'n-n',
  CREG: 'nn-',
  CGREG: 'nn-',
  CEREG: 'nn-',
  COPS: 'nnon',
  CPSI: 'ww-',
  CGDCONT: 'nw-',
  CGSOCKCONT: 'nw-',
  CGCONTRDP: 'nn-',
  CGPADDR: 'n-',
  CGAUTH: 'nn-',
  CSOCKAUTH: 'nn-',
  CLCK: 'wn-',
  CPWD: 'w-',
  CUSD: 'n-n',
  CMGR: 'w-',
  CMGL: 'nw-',
  CMGS: '-',
  CMGW: '-',
  CMSS: 'n-',
  CMT: '-',
  CDS: '-',
  CBM: '-',
  CNUM: '-',
  CLIP: '-',
  CLCC: 'nnnnn-',
  CSCA: '-',
  CMQTTACCQ: 'n-',
  CMQTTCONNECT: 'n-nn-',
  CMQTTCFG: 'w-',
  CMQTTSSLCFG: 'nn',
  CSSLCFG: 'w-',
  CCERTDOWN: '-N',
  CCERTLIST: '-',
  CCERTDELE: '-',
  CFTRANRX: '-N',
  CFTRANTX: '-N',
  CFTPSLOGIN: '-n-',
  CFTPSGET: '-',
  CFTPSPUT: '-',
  HTTPPARA: 'w-',
  CHTTPSRECV: 'wN',
  CNTP: '-n',
  CCLK: '-',
  CGSN: '-',
  CIMI: '-',
  ICCID: '-',
  CICCID: '-',
  CCID: '-',
  SIMEI: '-',
  EID: '-',
  IPADDR: '-',
  CGPSINFO: '-',
  CGNSSINFO: '-',
  CLBS: '-',
  CMUX: 'n',
  SIMCOMATI: '-',
  CGMM: '-',
  CGMR: '-',
  CGMI: '-',
  CSUB: '-',
  CSTT: '-',
  PSUTTZ: '-',
};

/** Where the lines with the name of a command carry something else than the command. */
const PRINTED: Readonly<Record<string, Parameters>> = {
  CPIN: 'w',
  CDNSGIP: 'ne-',
  CPSI: 'ww-b',
  CNTP: 'e-',
  CMQTTACCQ: 'ne-',
  CMQTTCONNECT: 'ne-',
  CFTPSLOGIN: 'e-',
  CFTPSGET: 'e-',
  CFTPSPUT: 'e-',
};

const commands = new Map<string, Parameters>([
  ...LONG.split(' ').map((name) => [name, 'X'] as const),
  ...OPEN.split(' ').map((name) => [name, 'x'] as const),
  ...Object.entries(OTHERS),
]);

/** What is public of the parameters of a command, or of a line with its name; undefined if it is not listed. */
export function publicParameters(name: string, form: 'command' | 'line'): Parameters | undefined {
  const known = commands.get(name.toUpperCase());
  return form === 'line' ? (PRINTED[name.toUpperCase()] ?? known) : known;
}

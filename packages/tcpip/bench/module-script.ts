// What a module answers while a program opens it, asks about it, and reads and sends: with the state of its network and the
// list of its links, which the SDK has confirmed once a minute.

/** Bytes of one read, and of one send. */
export const READ_LENGTH = 1_500;

/** The state of one module. */
export interface ModuleScript {
  /** Answers a command line. */
  answer(line: string): string;
  /** Answers what was sent over a link. */
  take(link: string, payload: string): string;
}

/** What happens on the other side of a module's links, by their ports; a character is a byte. */
export interface Peers {
  /** Gives what is read next. Without it, nothing ever comes. */
  readonly source?: (port: number, length: number) => string;
  readonly sink?: (port: number, payload: string) => void;
}

interface Link {
  /** As it was opened: `"TCP","10.3.0.1",80`. */
  readonly target: string;
  readonly port: number;
  /** Bytes that were sent, and read. */
  sent: number;
  received: number;
}

const OK = '\r\nOK\r\n';
const NO_DATA = '\r\n+IP ERROR: No data\r\n\r\nERROR\r\n';
const LINKS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;

const FIXED: Readonly<Record<string, string>> = {
  '+SIMCOMATI':
    '\r\nManufacturer: SIMCOM INCORPORATED\r\nModel: A7672E-FASE\r\nRevision: A011B19A7672M7_F\r\n',
  '+CPIN?': '\r\n+CPIN: READY\r\n',
  '+CEREG?': '\r\n+CEREG: 0,1\r\n',
  '+CSQ': '\r\n+CSQ: 20,0\r\n',
};
const SETTINGS = [
  ['+CMEE', '2'],
  ['+CSCLK', '0'],
  ['+CATR', '0'],
  ['+CFUN', '1'],
  ['+CIPRXGET', '0'],
  ['+CIPMODE', '0'],
  ['+CIPCCFG', '10,0,0,1,0,0,500,0'],
  ['+CIPTIMEOUT', '120000,120000,120000'],
] as const;

/** A module that was just switched on. It is asked nothing that it would refuse, except for a read when nothing has come. */
export function moduleScript({ source, sink }: Peers = {}): ModuleScript {
  const settings = new Map<string, string>(SETTINGS);
  const links = new Map<string, Link>();
  let isOpen = false;
  /** Bytes of each link that wait to be read. */
  const waiting = source === undefined ? 0 : READ_LENGTH;

  /** Does what is asked for; returns the result that comes after `OK`. */
  function act(line: string): string {
    const [, name, link = '', target = ''] =
      /^AT\+(NETOPEN|NETCLOSE|CIPOPEN|CIPCLOSE)(?:=(\d)(?:,(.*))?)?$/.exec(line) ?? [];
    switch (name) {
      case 'NETOPEN':
        isOpen = true;
        return '\r\n+NETOPEN: 0\r\n';
      case 'NETCLOSE':
        isOpen = false;
        links.clear();
        return '\r\n+NETCLOSE: 0\r\n';
      case 'CIPOPEN':
        links.set(link, { target, port: Number(target.split(',')[2]), sent: 0, received: 0 });
        return `\r\n+CIPOPEN: ${link},0\r\n${source === undefined ? '' : `\r\n+CIPRXGET: 1,${link}\r\n`}`;
      case 'CIPCLOSE':
        links.delete(link);
        return `\r\n+CIPCLOSE: ${link},0\r\n`;
      default:
        return '';
    }
  }

  /** What comes before `OK`. */
  function tell(command: string): string {
    if (command === '+NETOPEN?') return `\r\n+NETOPEN: ${Number(isOpen)}\r\n`;
    if (command === '+IPADDR') return '\r\n+IPADDR: 10.0.0.2\r\n';
    if (command === '+CIPCLOSE?')
      return `\r\n+CIPCLOSE: ${LINKS.map((link) => Number(links.has(link))).join()}\r\n`;
    if (command === '+CIPOPEN?') return `\r\n${LINKS.map(shown).join('')}`;
    const [name = '', value = ''] = command.split('=');
    if (name === '+CIPACK') {
      const { sent = 0, received = 0 } = links.get(value) ?? {};
      return `\r\n+CIPACK: ${sent},${sent},${received + waiting}\r\n`;
    }
    if (name === '+CIPRXGET' && value.startsWith('4,')) return `\r\n+CIPRXGET: ${value},${waiting}\r\n`;
    if (settings.has(name) && value !== '') settings.set(name, value);
    const setting = command.endsWith('?') ? settings.get(command.slice(0, -1)) : undefined;
    return setting === undefined ? (FIXED[command] ?? '') : `\r\n${command.slice(0, -1)}: ${setting}\r\n`;
  }

  function shown(link: string): string {
    const open = links.get(link);
    return open === undefined ? `+CIPOPEN: ${link}\r\n` : `+CIPOPEN: ${link},${open.target},-1\r\n`;
  }

  function read(line: string): string {
    const [, link = '', length = ''] = line.split(',');
    if (source === undefined) return NO_DATA;
    const open = links.get(link);
    if (open !== undefined) open.received += Number(length);
    const payload = source(open?.port ?? 0, Number(length));
    return `\r\n+CIPRXGET: 2,${link},${length},${waiting}\r\n${payload}\r\n${OK}`;
  }

  return {
    answer(line) {
      if (line === 'AT') return OK;
      if (line.startsWith('AT+CIPRXGET=2,')) return read(line);
      const late = act(line);
      return late === '' ? `${line.slice(2).split(';').map(tell).join('')}${OK}` : `${OK}${late}`;
    },
    take(link, payload) {
      const open = links.get(link);
      if (open !== undefined) open.sent += payload.length;
      sink?.(open?.port ?? 0, payload);
      return `${OK}\r\n+CIPSEND: ${link},${payload.length},${payload.length}\r\n`;
    },
  };
}

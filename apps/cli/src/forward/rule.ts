import { isLoopback } from '../proxy/access.js';

/** One `-L` or `-R`: where connections come in, and where they lead. */
export interface ForwardRule {
  /**
   * `local`: connections to a port of this computer go out through the modem; `remote`: connections to a port of the
   * module lead to a server of this computer's network.
   */
  readonly kind: 'local' | 'remote';
  /** Address of this computer to listen on; the module has one address only. */
  readonly bind: string;
  readonly port: number;
  readonly host: string;
  readonly hostPort: number;
}

const PART = /^(?:\[([\da-f:.]+)\]|([^[\]:]*))(?::|$)/i;

/**
 * Reads `[BIND:]PORT:HOST:HOSTPORT` as ssh does; IPv6 addresses stand in brackets.
 *
 * @param kind `local` for `-L`, `remote` for `-R`
 * @param text what follows the option
 * @returns the rule; `bind` is 127.0.0.1 unless it was given
 * @throws {Error} with what is wrong with the text
 */
export function parseRule(kind: ForwardRule['kind'], text: string): ForwardRule {
  const parts: string[] = [];
  let rest = text;
  while (rest !== '') {
    const match = PART.exec(rest);
    if (match === null) throw new Error(`'${text}' has a bracket or colon in the wrong place.`);
    parts.push(match[1] ?? match[2] ?? '');
    rest = rest.slice(match[0].length);
    if (rest === '' && match[0].endsWith(':')) parts.push('');
  }
  if (parts.length === 3) parts.unshift('127.0.0.1');
  const [bind = '', port = '', host = '', hostPort = ''] = parts;
  if (parts.length !== 4 || host === '' || bind === '') {
    throw new Error(`'${text}' is not [BIND:]PORT:HOST:HOSTPORT, such as 8080:example.com:80.`);
  }
  return {
    kind,
    bind: bind === '*' ? '0.0.0.0' : bind,
    port: portOf(port, text),
    host,
    hostPort: portOf(hostPort, text),
  };
}

/**
 * What a rule exposes beyond this computer.
 *
 * @param rule a rule
 * @returns a sentence for the person who gave it; undefined if it exposes nothing
 */
export function exposure({ kind, bind, host }: ForwardRule): string | undefined {
  if (kind === 'local') {
    if (isLoopback(bind)) return undefined;
    return `Everybody who reaches ${bind} could use the modem's connection.`;
  }
  if (isLoopback(host)) return undefined;
  return `Everybody who reaches the module could connect to ${host}, which is not this computer.`;
}

function portOf(text: string, rule: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new Error(`'${text}' in '${rule}' is not a port, which is a number from 1 to 65535.`);
}

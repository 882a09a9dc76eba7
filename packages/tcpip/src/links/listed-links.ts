import type { LinkState } from '@a7600/at-codec';
import { type LinkHandler, type LinkInfo, sameEndpoint } from './link-handler.js';

interface Listed {
  /** Undefined where it was not listed. */
  readonly last: LinkState | undefined;
  /** What the module has listed twice in a row for the first time: the connection as it calls it. */
  readonly own: LinkState | undefined;
}

/** What the module's list says of a link in use; `in doubt`: it is to be asked again. */
export type Judgement = 'own' | 'other' | 'gone' | 'in doubt';

const IPV4 = /^\d+\.\d+\.\d+\.\d+$/;

/**
 * What the module lists for each link in use (`AT+CIPOPEN?`), to notice that one has ended unheard, or that another
 * connection has its number: another program closed ours and opened its own, or the reports of an end and of a new client
 * were lost. A line of an answer may be lost or damaged, and an answer may be another command's, so only what is listed
 * twice in a row counts, but for the first line about a client.
 */
export class ListedLinks {
  private readonly listed = new WeakMap<LinkHandler, Listed>();

  /** Judges the link of `handler`; `state` is undefined where it is not listed. */
  judge(handler: LinkHandler, state: LinkState | undefined): Judgement {
    const before = this.listed.get(handler);
    const own = before?.own;
    if (state === undefined) {
      this.listed.set(handler, { last: undefined, own });
      return before !== undefined && before.last === undefined ? 'gone' : 'in doubt';
    }
    const isSteady = before?.last !== undefined && sameConnection(before.last, state);
    const isOther = own === undefined ? contradicts(handler.info, state) : !sameConnection(own, state);
    this.listed.set(handler, { last: state, own: own ?? (isSteady && !isOther ? state : undefined) });
    if (!isOther) return 'own';
    // The report of a client with the number of another one is as likely to be damaged as this line.
    const isNew = before === undefined && handler.info.server !== undefined;
    return isSteady || isNew ? 'other' : 'in doubt';
  }
}

/** A datagram socket is listed with zeros, or with the peer of the last datagram. */
function sameConnection(a: LinkState, b: LinkState): boolean {
  return a.type === b.type && (a.type === 'UDP' || sameEndpoint(a, b));
}

/**
 * Whether the module lists another connection than the one that was opened, or reported (`+CLIENT`, which has the
 * same address and port, application note, 3.4). A name is not compared with an address.
 */
function contradicts({ kind, remote }: LinkInfo, state: LinkState): boolean {
  if (state.type === (kind === 'udp' ? 'TCP' : 'UDP')) return true;
  if (kind === 'udp' || remote === undefined) return false;
  const hasOtherHost = IPV4.test(remote.host) && IPV4.test(state.host) && remote.host !== state.host;
  return hasOtherHost || remote.port !== state.port;
}

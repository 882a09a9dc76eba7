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
 * twice in a row counts; but a client that was reported with the number of another one is seen at once by the line with
 * its own number.
 */
export class ListedLinks {
  private readonly listed = new WeakMap<LinkHandler, Listed>();

  /** Judges the link of `handler` by its line, and by all that the module lists. */
  judge(handler: LinkHandler, state: LinkState | undefined, states: readonly LinkState[]): Judgement {
    const { info } = handler;
    const before = this.listed.get(handler);
    const own = before?.own;
    if (state === undefined) {
      this.listed.set(handler, { last: undefined, own });
      return before !== undefined && before.last === undefined ? 'gone' : 'in doubt';
    }
    const isSteady = before?.last !== undefined && sameConnection(before.last, state);
    const isNewClient =
      before === undefined && info.server !== undefined && !sameEndpoint(info.remote, state);
    // The line of another number has its peer: `+CLIENT` has the same address and port (application note, 3.4).
    const isMisnumbered = isNewClient && states.some((each) => sameEndpoint(info.remote, each));
    const isOther =
      isMisnumbered || (own === undefined ? contradicts(info, state) : !sameConnection(own, state));
    this.listed.set(handler, { last: state, own: own ?? (isSteady && !isOther ? state : undefined) });
    if (!isOther) return 'own';
    return isSteady || isMisnumbered ? 'other' : 'in doubt';
  }
}

/** Whether the line of a link may be that of its own connection. A name is not compared with an address. */
export function mayBeOwn({ kind, remote }: Pick<LinkInfo, 'kind' | 'remote'>, state: LinkState): boolean {
  if (state.type === (kind === 'udp' ? 'TCP' : 'UDP')) return false;
  if (kind === 'udp' || remote === undefined) return true;
  const isOtherHost = IPV4.test(remote.host) && IPV4.test(state.host) && remote.host !== state.host;
  return remote.port === state.port && !isOtherHost;
}

/** A datagram socket is listed with zeros, or with the peer of the last datagram. */
function sameConnection(a: LinkState, b: LinkState): boolean {
  return a.type === b.type && (a.type === 'UDP' || sameEndpoint(a, b));
}

/**
 * Whether the module lists another connection than the one that was opened. The address in the report of a client, which
 * may be damaged, is not compared.
 */
function contradicts({ kind, remote, server }: LinkInfo, state: LinkState): boolean {
  return !mayBeOwn({ kind, remote: server === undefined ? remote : undefined }, state);
}

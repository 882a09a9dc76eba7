import type { Endpoint } from '../../networks/network.js';
import type { LinkType } from '../profiles/links.js';

/** What a link is opened as. */
export interface LinkUse {
  readonly type: LinkType;
  /** Index of the server that accepted it, -1 for a client. */
  readonly server: number;
  readonly remote?: Endpoint | undefined;
  /** Carries a transparent connection. */
  readonly transparent?: boolean;
}

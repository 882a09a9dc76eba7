import type { LinkTable } from '../links/link-table.js';
import type { Discrepancy } from '../watch/discrepancy.js';
import type { Watch } from '../watch/watch.js';
import type { Foreign } from './foreign.js';

/** What the reports about links need. */
export interface LinkReportsParts {
  readonly links: LinkTable;
  readonly watch: Watch;
  readonly foreign: Foreign;
  /** Whether what nothing here opened on the module may be closed. */
  readonly exclusive: boolean;
  /** Whether a link that another program may have opened may be closed now. */
  mayEnd(): boolean;
  report(discrepancy: Discrepancy): void;
}

/** Tells what the table of links turned out to hold, and closes what nothing here has opened. */
export function reportLinks({ links, watch, foreign, exclusive, mayEnd, report }: LinkReportsParts): void {
  links.doubted$.subscribe(() => watch.hint());
  links.stuck$.subscribe((link) => report({ kind: 'link stuck', link, action: 'left alone' }));
  links.gone$.subscribe((link) => report({ kind: 'link gone', link, action: 'ended' }));
  /** The links that were left alone, as they were reported. */
  const leftAlone = new Map<number, string>();
  links.unknown$.subscribe((link) => {
    const isUsers = foreign.hasLink(link);
    // A client of a server may be one of ours, whose report and first bytes were lost.
    const ends = !isUsers && (link.server === undefined ? mayEnd() : exclusive);
    const state = `${link.type} ${link.host}:${link.port} ${link.server}`;
    if (ends || leftAlone.get(link.link) !== state) {
      report({ kind: 'unknown link', link, action: ends ? 'closed' : 'left alone' });
    }
    if (!ends) leftAlone.set(link.link, state);
    else links.close(link.link).subscribe();
  });
}

import type { Payload } from '@a7600/at-codec';
import type { Router } from '../lane/router.js';
import type { LinkTable } from './link-table.js';

/**
 * Takes blocks of the module's buffers to whoever has the link when no read waits for them any
 * more, because something else was taken for its answer. The module answers in order, so each one
 * is the next of its link.
 */
export class OrphanedReads {
  private readonly router: Router;

  constructor(links: LinkTable, router: Router) {
    this.router = router;
    const pieces: Payload[] = [];
    router.onPayload = (piece) => {
      const { header, remaining } = piece;
      const handler = header.name === '+CIPRXGET' ? links.get(header.int(1)) : undefined;
      if (handler === undefined) return false;
      if (pieces[0]?.header !== header) pieces.length = 0;
      pieces.push(piece);
      if (remaining === 0) handler.orphanedRead(pieces.splice(0));
      return true;
    };
  }

  stop(): void {
    this.router.onPayload = () => false;
  }
}

import { type Modem, modem } from '@a7600/tcpip';
import type { ByteLink } from '@a7600/transport';
import { type Opened, open } from '@a7600/transport/async';
import { NEVER, startWith } from 'rxjs';

/** A modem over a link that is there already. */
export function modemOver(link: ByteLink): Promise<Opened<Modem>> {
  return open(modem(NEVER.pipe(startWith(link))));
}

import type { ByteLink } from '@a7600/transport';
import { tapLink } from '@a7600/transport';
import { of } from 'rxjs';

/** Bytes that went one way before any went the other way. */
interface Flight {
  readonly way: 'up' | 'down';
  bytes: number;
}

const BITS_PER_BYTE = 10;
const READ_LENGTH = 1_500;

/** What client and server said to each other, seen at the server, and what that costs at least. */
export class Conversation {
  private flights: Flight[] = [];
  private opened = 0;

  /** Bytes of the connections, both ways. */
  get bytes(): number {
    return this.flights.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  clear(): void {
    this.flights = [];
    this.opened = 0;
  }

  /** Listens to the server's end of a connection. */
  listen<L extends ByteLink>(link: L): L {
    this.opened += 1;
    const taps = {
      received: ({ length }: Uint8Array) => this.count('up', length),
      written: ({ length }: Uint8Array) => this.count('down', length),
    };
    let heard = link;
    of(link)
      .pipe(tapLink<L>(taps))
      .subscribe((tapped) => {
        heard = tapped;
      });
    return heard;
  }

  count(way: Flight['way'], bytes: number): void {
    const last = this.flights.at(-1);
    if (last?.way === way) last.bytes += bytes;
    else this.flights.push({ way, bytes });
  }

  /**
   * Seconds that the line needs for it at least: every flight in as few chunks as the module takes
   * (application note 3.2 for the texts). Only the command of the first read of a flight may go up
   * while something comes down: the notification can come with the result of the send before it.
   */
  bound(baudRate: number, closes: boolean): number {
    const opening = wire('AT+CIPOPEN=9,"TCP","10.3.0.1",80\r', '\r\nOK\r\n', '\r\n+CIPOPEN: 9,0\r\n');
    const closing = closes ? wire('\r\n+IPCLOSE: 9,1\r\n') : 0;
    const flights = this.flights.reduce((sum, flight) => sum + flightBytes(flight), 0);
    return ((this.opened * (opening + closing) + flights) * BITS_PER_BYTE) / baudRate;
  }
}

const READ = 'AT+CIPRXGET=2,9,1500\r';

function flightBytes({ way, bytes }: Flight): number {
  let total = way === 'down' ? wire('\r\n+CIPRXGET: 1,9\r\n') - wire(READ) : 0;
  for (let left = bytes; left > 0; left -= READ_LENGTH) {
    const chunk = Math.min(left, READ_LENGTH);
    const texts =
      way === 'up'
        ? [`AT+CIPSEND=9,${chunk}\r`, '\r\n>', '\r\nOK\r\n', `\r\n+CIPSEND: 9,${chunk},${chunk}\r\n`]
        : [READ, `\r\n+CIPRXGET: 2,9,${chunk},${left - chunk}\r\n`, '\r\n', '\r\nOK\r\n'];
    total += wire(...texts) + chunk;
  }
  return total;
}

function wire(...texts: string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0);
}

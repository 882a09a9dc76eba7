/** Bytes that went one way before any went the other way. */
interface Flight {
  readonly way: 'up' | 'down';
  bytes: number;
}

const BITS_PER_BYTE = 10;
const BLOCK = 1_500;

/** What client and server said to each other, and what that costs at least over the module. */
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

  /** A connection was made. */
  connected(): void {
    this.opened += 1;
  }

  /** Commands that it needs at least: to open and close, and for each block that the module takes or gives. */
  turnarounds(closes: boolean): number {
    const blocks = this.flights.reduce((sum, { bytes }) => sum + Math.ceil(bytes / BLOCK), 0);
    return this.opened * (closes ? 2 : 1) + blocks;
  }

  /** Counts bytes that go one way. */
  count(way: Flight['way'], bytes: number): void {
    const last = this.flights.at(-1);
    if (last?.way === way) last.bytes += bytes;
    else this.flights.push({ way, bytes });
  }

  /**
   * Bytes that go over the line at least, both ways together: every flight in as few blocks as the module takes
   * (application note 3.2 for the texts).
   */
  lineBytes(closes: boolean): number {
    const opening = wire('AT+CIPOPEN=9,"TCP","10.3.0.1",80\r', '\r\nOK\r\n', '\r\n+CIPOPEN: 9,0\r\n');
    const closing = closes ? wire('AT+CIPCLOSE=9\r', '\r\nOK\r\n', '\r\n+CIPCLOSE: 9,0\r\n') : 0;
    const flights = this.flights.reduce((sum, flight) => sum + flightBytes(flight), 0);
    return this.opened * (opening + closing) + flights;
  }

  /**
   * Seconds that they take at least. Only the command of the first read of a flight may go up while something comes
   * down: the notification can come with the result of the send before it.
   */
  bound(baudRate: number, closes: boolean): number {
    const overlapping = this.flights.filter(({ way }) => way === 'down').length * wire(READ);
    return ((this.lineBytes(closes) - overlapping) * BITS_PER_BYTE) / baudRate;
  }
}

const READ = 'AT+CIPRXGET=2,9,1500\r';

function flightBytes({ way, bytes }: Flight): number {
  let total = way === 'down' ? wire('\r\n+CIPRXGET: 1,9\r\n') : 0;
  for (let left = bytes; left > 0; left -= BLOCK) {
    const block = Math.min(left, BLOCK);
    const texts =
      way === 'up'
        ? [`AT+CIPSEND=9,${block}\r`, '\r\n>', '\r\nOK\r\n', `\r\n+CIPSEND: 9,${block},${block}\r\n`]
        : [READ, `\r\n+CIPRXGET: 2,9,${block},${left - block}\r\n`, '\r\n', '\r\nOK\r\n'];
    total += wire(...texts) + block;
  }
  return total;
}

function wire(...texts: string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0);
}

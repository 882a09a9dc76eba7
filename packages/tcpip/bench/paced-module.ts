// A module on a pseudo-terminal at 921,600 baud, in a process of its own. Its peers send for ever, or swallow everything.
//
// It takes no time of its own, which is what the bound assumes: what it will answer is worked out as soon as the bytes are
// there, and printed when the line would have carried them. A timer of Node is up to a millisecond late with each answer;
// this process turns its loop instead of sleeping, so that what is measured is the host.
import { openPty, type Pty } from '@a7600/testing/node';
import { moduleScript } from './module-script.js';
import { BAUD_RATE } from './paced.js';
import { PeerStreams } from './peer-streams.js';
import { reader } from './responder.js';

/** Time in ms that a byte takes. */
const BYTE_TIME = 10_000 / BAUD_RATE;
/** Bytes after which the port hands over what came in; the last of a result always is. */
const CHUNK = 64;

/** What is on its way to the host. */
interface Unit {
  readonly bytes: Buffer;
  /** When its first byte begins. */
  readonly from: number;
  printed: number;
}

const streams = new PeerStreams();
const script = moduleScript({
  sink: (port, payload) => streams.check(port, Buffer.from(payload, 'latin1')),
  ...(process.argv[2] === 'in' && {
    source: (port, length) => streams.next(port, length).toString('latin1'),
  }),
});

openPty().subscribe((pty) => {
  serve(pty);
  process.send?.(pty.path);
});
process.on('message', () => process.send?.(streams.passed));
process.on('disconnect', () => process.exit());

function serve(pty: Pty): void {
  const units: Unit[] = [];
  /** When either direction has carried all that is on it. */
  const free = { up: 0, down: 0 };
  const take = reader(script, (text, after) => {
    for (const unit of text.split(/(?<=\r\nOK\r\n)/)) {
      const bytes = Buffer.from(unit, 'latin1');
      const from = Math.max(free.up - after * BYTE_TIME, free.down);
      free.down = from + bytes.length * BYTE_TIME;
      units.push({ bytes, from, printed: 0 });
    }
  });
  pty.received$.subscribe({
    next(bytes) {
      free.up = Math.max(free.up, performance.now()) + bytes.length * BYTE_TIME;
      take(bytes);
    },
    error: () => {},
  });

  function turn(): void {
    const [unit] = units;
    if (unit !== undefined) print(unit);
    setImmediate(turn);
  }

  /** Prints what of a unit has come through by now. */
  function print(unit: Unit): void {
    const { bytes, from, printed } = unit;
    const through = Math.min(bytes.length, Math.floor((performance.now() - from) / BYTE_TIME));
    if (through < Math.min(bytes.length, printed + CHUNK)) return;
    unit.printed = through;
    if (through === bytes.length) units.shift();
    pty.write(bytes.subarray(printed, through)).subscribe();
  }
  turn();
}

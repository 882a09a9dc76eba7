// A module on a pseudo-terminal at 921,600 baud, in a process of its own. Its peers send for ever, or swallow everything.
// A timer of Node is up to a millisecond late with each answer; this process turns its loop instead of sleeping, so that
// what is measured is the host.
import { emulator, memoryNetwork } from '@a7600/testing';
import { onPty } from '@a7600/testing/node';
import { VirtualTimeScheduler } from 'rxjs';
import { pour } from './load.js';
import { BAUD_RATE, PEER, PORTS } from './paced.js';

const towardsHost = process.argv[2] === 'in';
const scheduler = new VirtualTimeScheduler(undefined, 0);
const network = memoryNetwork({ scheduler });
for (const port of PORTS) {
  network.serve(PEER, port).subscribe((peer) => {
    peer.received$.subscribe({ error: () => {} });
    if (towardsHost) pour(peer);
  });
}
const module = emulator({
  scheduler,
  network,
  baudRate: BAUD_RATE,
  uart: { baudRate: BAUD_RATE, hostFollows: true },
});
onPty(module).subscribe(({ path }) => process.send?.(path));
process.on('disconnect', () => process.exit());

const start = performance.now();
function turn(): void {
  scheduler.maxFrames = performance.now() - start;
  scheduler.flush();
  scheduler.frame = scheduler.maxFrames;
  setImmediate(turn);
}
turn();

import type { PairEnd } from '@a7600/transport';
import { noise } from '../faults/noise.js';
import { HostPort } from './host-port.js';
import type { Line, LineContext, LineEnd } from './line.js';

/** Bytes in the module's input at which the host is held back; it goes on at half of that. */
const STOP_LEVEL = 4096;

/**
 * A line that takes no time: a program in the same process, or a pseudo-terminal that paces by
 * itself. Nothing is ever lost on it; who does not read holds the other end back.
 */
export function directLine(link: PairEnd, end: LineEnd, context: LineContext): Line {
  const host = new HostPort(link, context, () => {
    if (host.backlog === 0) end.drained();
  });
  const distort = noise(context.faults, 'to-module');
  let stopped = false;
  end.input.capacity = Number.POSITIVE_INFINITY;
  const unwatch = end.input.watch(() => {
    const stop = end.input.length >= (stopped ? STOP_LEVEL / 2 : STOP_LEVEL);
    if (stop === stopped) return;
    stopped = stop;
    if (stop) link.pause();
    else link.resume();
  });
  const receiving = link.received$.subscribe({
    next: (bytes) => end.receive(distort(bytes)),
    error: () => {},
  });
  return {
    get backlog() {
      return host.backlog;
    },
    send: (unit) => host.deliver(unit),
    configure: () => {},
    disconnect() {
      unwatch();
      receiving.unsubscribe();
    },
  };
}

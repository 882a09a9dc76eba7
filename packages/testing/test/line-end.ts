import { type ByteLink, linkPair, receiveQueue, TransportError, writing } from '@a7600/transport';
import { asyncScheduler, Observable, type Subscriber } from 'rxjs';
import { Clock } from '../src/emulator/clock.js';
import { Faults } from '../src/emulator/faults/faults.js';
import { directLine } from '../src/emulator/line/direct-line.js';
import { Fifo } from '../src/emulator/line/fifo.js';

/**
 * The emulator's serial line without a module: the host's end, and the bytes that a
 * module would get and send as a link. `unplug` pulls the cable.
 */
export function bareLine(): { host: ByteLink; module: ByteLink; unplug: () => void } {
  const [host, far] = linkPair();
  const clock = new Clock(asyncScheduler);
  const input = new Fifo();
  const waiting: Subscriber<never>[] = [];

  const read = () => {
    for (let bytes = input.peek(); bytes !== undefined && port.hasDemand; bytes = input.peek()) {
      input.drop(bytes.length);
      port.push(bytes);
    }
  };
  const port = receiveQueue((hasDemand) => {
    if (hasDemand) read();
  });
  const drained = () => {
    for (const writer of waiting.splice(0)) writer.complete();
  };
  const receive = (bytes: Uint8Array) => {
    input.push(bytes);
    read();
  };
  const line = directLine(far, { input, receive, drained }, { clock, faults: new Faults() });
  const disconnect = () => {
    line.disconnect();
    clock.stop();
  };
  far.ended$.subscribe((end) => {
    disconnect();
    port.end(end);
  });

  const module: ByteLink = {
    received$: port.received$,
    ended$: port.ended$,
    pause: port.pause,
    resume: port.resume,
    close: () => far.close(),
    write: writing(
      (bytes) =>
        new Observable<never>((subscriber) => {
          waiting.push(subscriber);
          line.send(bytes);
          if (line.backlog === 0) drained();
        }),
    ),
  };
  return {
    host,
    module,
    unplug: () => far.lose(new TransportError('TRANSPORT_LOST', 'The module was unplugged.')),
  };
}

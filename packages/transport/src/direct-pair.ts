import { Observable } from 'rxjs';
import type { ByteLink } from './byte-link.js';
import { TransportError } from './errors.js';
import { type ReceiveQueue, receiveQueue } from './receive-queue.js';
import { writing } from './write-data.js';

/** One end of a pair in memory. */
export interface PairEnd extends ByteLink {
  /**
   * Breaks the pair: both ends are lost with `error`; what was not delivered yet is dropped.
   *
   * @param error what both ends report as the reason
   */
  lose(error: Error): void;
}

/** A pair with nothing in between: see `linkPair`. */
export function directPair(): [PairEnd, PairEnd] {
  const a = direction();
  const b = direction();
  return [pairEnd(a, b), pairEnd(b, a)];
}

/** Something a writer waits for: bytes to be delivered, or (without bytes) its turn to close. */
interface Waiting {
  readonly bytes?: Uint8Array;
  readonly accepted: () => void;
  readonly refused: (error: Error) => void;
}

/** One way through the pair: the reader's receiveQueue and what its writer still waits for. */
interface Direction {
  readonly reader: ReceiveQueue;
  readonly waiting: Waiting[];
  /** Delivers bytes at once if nothing is before them and they are wanted. */
  pass(bytes: Uint8Array): boolean;
  flush(): void;
}

function direction(): Direction {
  const waiting: Waiting[] = [];
  let flushing = false;

  const pass = (bytes: Uint8Array) => {
    if (flushing || waiting.length > 0 || !(reader.hasDemand || bytes.length === 0)) return false;
    flushing = true;
    reader.push(new Uint8Array(bytes));
    flushing = false;
    if (waiting.length > 0) flush();
    return true;
  };

  const flush = () => {
    if (flushing) return;
    flushing = true;
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      const { length = 0 } = next.bytes ?? {};
      if (length > 0 && !reader.hasDemand) break;
      waiting.shift();
      if (next.bytes !== undefined) reader.push(new Uint8Array(next.bytes));
      next.accepted();
    }
    flushing = false;
  };

  const reader = receiveQueue((hasDemand) => {
    if (hasDemand) flush();
  });
  return { reader, waiting, pass, flush };
}

function pairEnd(incoming: Direction, outgoing: Direction): PairEnd {
  const { received$, ended$, pause, resume } = incoming.reader;

  const wait = (waiting: Omit<Waiting, 'accepted' | 'refused'>, act: () => void = () => {}) =>
    new Observable<never>((subscriber) => {
      const entry: Waiting = {
        ...waiting,
        accepted: () => {
          act();
          subscriber.complete();
        },
        refused: (error) => subscriber.error(error),
      };
      outgoing.waiting.push(entry);
      outgoing.flush();
      return () => {
        const index = outgoing.waiting.indexOf(entry);
        if (index >= 0) outgoing.waiting.splice(index, 1);
      };
    });

  const refuse = (way: Direction, error: Error) => {
    for (const waiting of way.waiting.splice(0)) waiting.refused(error);
  };

  return {
    received$,
    ended$,
    pause,
    resume,
    write: writing(
      (bytes) =>
        new Observable<never>((subscriber) => {
          if (incoming.reader.reason !== undefined) subscriber.error(closedError());
          else if (outgoing.pass(bytes)) subscriber.complete();
          else return wait({ bytes }).subscribe(subscriber);
          return undefined;
        }),
    ),
    close: () =>
      wait({}, () => {
        if (incoming.reader.reason !== undefined) return;
        incoming.reader.end({ by: 'local' });
        outgoing.reader.end({ by: 'remote' });
        refuse(incoming, closedError());
      }),
    lose(error) {
      incoming.reader.end({ by: 'lost', error });
      outgoing.reader.end({ by: 'lost', error });
      refuse(incoming, error);
      refuse(outgoing, error);
    },
  };
}

function closedError(): TransportError {
  return new TransportError('TRANSPORT_CLOSED', 'The in-memory link has ended: open a new pair.');
}

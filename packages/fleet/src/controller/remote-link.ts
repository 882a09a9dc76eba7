import { ModemError, type TcpSocket } from '@a7600/tcpip';
import { type ByteLink, type LinkEnd, receiveQueue, writing } from '@a7600/transport';
import { defer, Observable, ReplaySubject } from 'rxjs';
import type { StreamMachine } from '../stream/machine.js';

/** Bytes that wait for credit of the agent; a write beyond that waits. */
const HIGH_WATER = 262_144;

/** A link whose other end is an agent, and what its stream has to call. */
export interface RemoteLink
  extends Pick<TcpSocket, 'received$' | 'ended$' | 'write' | 'pause' | 'resume' | 'close'> {
  /** Completes when the agent's socket has accepted everything that was written. */
  flushed(): Observable<never>;
  deliver(bytes: Uint8Array): void;
  drained(): void;
  ending(end: LinkEnd): void;
  over(end: LinkEnd): void;
}

/** Makes the link of a stream. `machine` is asked for late: the two need each other. */
export function remoteLink(machine: () => StreamMachine, now: () => number): RemoteLink {
  let unused = 0;
  /** What was handed on has made room. */
  const consume = () => {
    const used = unused - queue.queuedBytes;
    unused = queue.queuedBytes;
    if (used > 0) machine().consume(used, now());
  };
  const queue = receiveQueue(() => consume());
  /** Writes that wait for room, in order. */
  const waiting: (() => void)[] = [];
  /** Who waits until everything is acknowledged. */
  const looking = new Set<() => boolean>();
  const released = new ReplaySubject<never>(0);

  /** Lets writes that wait go on while there is room, or nothing to wait for. */
  const letIn = () => {
    while (waiting.length > 0 && (queue.reason !== undefined || machine().waiting < HIGH_WATER)) {
      waiting.shift()?.();
    }
    for (const look of [...looking]) if (look()) looking.delete(look);
  };
  const send = (bytes: Uint8Array): Observable<never> =>
    new Observable((subscriber) => {
      const submit = () => {
        if (queue.reason !== undefined) {
          subscriber.error(endedBy(queue.reason));
          return;
        }
        machine().write(bytes);
        subscriber.complete();
      };
      if (waiting.length === 0 && machine().waiting < HIGH_WATER) return submit();
      waiting.push(submit);
      return () => {
        const index = waiting.indexOf(submit);
        if (index >= 0) waiting.splice(index, 1);
      };
    });
  const write: ByteLink['write'] = writing((bytes) => send(bytes));

  return {
    received$: queue.received$,
    ended$: queue.ended$,
    write,
    pause: () => queue.pause(),
    resume: () => queue.resume(),
    close: () =>
      defer(() => {
        machine().finish({ by: 'local' });
        return released;
      }),
    flushed: () =>
      new Observable((subscriber) => {
        const look = () => {
          if (machine().unacknowledged === 0) subscriber.complete();
          else if (queue.reason !== undefined) subscriber.error(endedBy(queue.reason));
          else return false;
          return true;
        };
        if (look()) return;
        looking.add(look);
        return () => looking.delete(look);
      }),
    deliver(bytes) {
      unused += bytes.length;
      queue.push(bytes);
      consume();
    },
    drained: letIn,
    ending: (end) => {
      queue.announce(end);
      letIn();
    },
    over(end) {
      queue.end(end);
      letIn();
      released.complete();
    },
  };
}

/** The error of a write to a link that has ended, as of a local socket. */
function endedBy(end: LinkEnd): Error {
  if (end.by === 'lost') return end.error;
  return new ModemError('LINK_CLOSED', 'The connection has ended: nothing can be written to it any more.');
}

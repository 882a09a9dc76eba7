import { Subscription } from 'rxjs';
import { type Connection, NetworkError } from '../../networks/network.js';
import type { Channel, ChannelEvents } from './channel.js';

/** A link's end of a TCP connection. */
export function tcpChannel(connection: Connection): Channel {
  const { remote } = connection;
  const receiving = new Subscription();
  /** Told until the link lets go of the connection. */
  let events: ChannelEvents | undefined;
  let unacknowledged = 0;
  /** What has come in and found no room; nothing more is asked for while there is some. */
  const kept: Uint8Array[] = [];
  let completed = false;
  let handing = false;

  const failed = (error: unknown) =>
    events?.ended(error instanceof NetworkError && error.failure === 'timeout' ? 'timeout' : 'reset');
  const letGo = () => {
    events = undefined;
    receiving.unsubscribe();
  };

  const handOver = () => {
    if (handing) return;
    handing = true;
    for (let [first] = kept; first !== undefined && events !== undefined; [first] = kept) {
      const taken = events.received({ bytes: first, from: remote });
      if (taken === 0) break;
      if (taken === first.length) kept.shift();
      else kept[0] = first.subarray(taken);
    }
    handing = false;
    if (kept.length > 0) connection.pause();
    else if (completed) events?.ended('closed');
    else if (events?.receiveRoom === 0) connection.pause();
    else connection.resume();
  };

  return {
    get unacknowledged() {
      return unacknowledged;
    },
    start(told) {
      events = told;
      receiving.add(
        connection.received$.subscribe({
          next(bytes) {
            if (bytes.length > 0) kept.push(bytes);
            handOver();
          },
          complete() {
            completed = true;
            handOver();
          },
          error: failed,
        }),
      );
    },
    send(bytes) {
      unacknowledged += bytes.length;
      connection.write(bytes).subscribe({
        complete() {
          unacknowledged -= bytes.length;
          events?.acknowledged(bytes.length);
        },
        error: failed,
      });
    },
    resume: handOver,
    close() {
      letGo();
      connection.close().subscribe({ error: () => {} });
    },
    drop() {
      letGo();
      connection.reset();
    },
  };
}

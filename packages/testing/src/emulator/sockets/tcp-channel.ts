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

  const failed = (error: unknown) =>
    events?.ended(error instanceof NetworkError && error.failure === 'timeout' ? 'timeout' : 'reset');
  const letGo = () => {
    events = undefined;
    receiving.unsubscribe();
  };

  return {
    get unacknowledged() {
      return unacknowledged;
    },
    start(told) {
      events = told;
      receiving.add(
        connection.received$.subscribe({
          next: (bytes) => told.received({ bytes, from: remote }),
          complete: () => events?.ended('closed'),
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
    pause: () => connection.pause(),
    resume: () => connection.resume(),
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

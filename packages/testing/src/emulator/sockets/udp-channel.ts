import type { Subscription } from 'rxjs';
import type { DatagramSocket, Endpoint } from '../../networks/network.js';
import type { Channel } from './channel.js';

/** A link's UDP port. `open` is undone when it is closed; `peer` gets what names no other address. */
export function udpChannel(socket: DatagramSocket, open: Subscription, peer: Endpoint | undefined): Channel {
  const close = () => open.unsubscribe();
  return {
    unacknowledged: 0,
    start: (events) => {
      open.add(socket.received$.subscribe((datagram) => events.received(datagram)));
    },
    send(bytes, to = peer) {
      if (to === undefined) return;
      // A datagram that cannot be sent is lost like any other.
      socket.send(bytes, to).subscribe({ error: () => {} });
    },
    // A full buffer drops datagrams: no sender can be held back.
    resume: () => {},
    close,
    drop: close,
  };
}

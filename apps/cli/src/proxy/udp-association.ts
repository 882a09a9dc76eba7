import { createSocket, type RemoteInfo } from 'node:dgram';
import { isIP, type Socket } from 'node:net';
import { createSocket as createModemSocket, type NetworkSource } from '@a7600/tcpip/node';
import { decodeDatagram, encodeDatagram, encodeReply, Reply, replyFor, type Target } from './socks5.js';

/** Peers that one client may talk to at a time; the one that has been silent longest makes room. */
const PEERS = 4;
/** Time in ms without a datagram after which a peer's link is given back. */
const IDLE = 60_000;
/** Datagrams that may wait for a link. */
const WAITING = 32;

/** A link of the module for the datagrams between the client and one peer. */
interface Path {
  send(payload: Buffer): void;
  close(): void;
}

/**
 * Relays datagrams between a client and its peers until the client's TCP connection ends (RFC 1928, section 7). Only
 * datagrams from the client's address are relayed, and from its port once that is known. Each peer takes one of the
 * module's links, because the module does not say who sent a datagram.
 *
 * @param client the connection on which the client made its request
 * @param source the network
 * @param announced the address and port from which the client says it will send; zeros if it does not know
 */
export function associate(client: Socket, source: NetworkSource, announced: Target): void {
  const address = client.localAddress ?? '127.0.0.1';
  const relay = createSocket(isIP(address) === 6 ? 'udp6' : 'udp4');
  const paths = new Map<string, Path>();
  let port = announced.port;

  const end = () => {
    for (const path of paths.values()) path.close();
    paths.clear();
    relay.close();
    client.destroy();
  };
  client.resume();
  client.once('close', end);
  client.once('end', () => client.destroy());
  client.on('error', () => {});

  relay.on('message', (bytes: Buffer, from: RemoteInfo) => {
    if (from.address !== client.remoteAddress || (port !== 0 && from.port !== port)) return;
    port = from.port;
    const datagram = decodeDatagram(bytes);
    if (datagram === undefined || datagram.to.port === 0) return;
    const key = `${datagram.to.host} ${datagram.to.port}`;
    const path = paths.get(key) ?? open(datagram.to, key);
    // The last of the map is the one that was used last.
    paths.delete(key);
    paths.set(key, path);
    path.send(datagram.payload);
  });

  const open = (to: Target, key: string): Path => {
    const [oldest] = paths;
    if (oldest !== undefined && paths.size >= PEERS) {
      paths.delete(oldest[0]);
      oldest[1].close();
    }
    const back = (payload: Buffer, peer: Target) =>
      relay.send(encodeDatagram(peer, payload), port, client.remoteAddress);
    return openPath(source, to, { back, onClosed: () => paths.delete(key) });
  };

  relay.once('error', (error) => {
    client.end(encodeReply(replyFor(error)));
  });
  relay.bind(0, address, () => {
    const { port: bound } = relay.address();
    client.write(encodeReply(Reply.succeeded, { host: address, port: bound }));
  });
}

interface PathEvents {
  readonly back: (payload: Buffer, peer: Target) => void;
  readonly onClosed: () => void;
}

function openPath(source: NetworkSource, to: Target, { back, onClosed }: PathEvents): Path {
  const socket = createModemSocket(source);
  let isOpen = true;
  let waiting = 0;
  const close = () => {
    if (!isOpen) return;
    isOpen = false;
    clearTimeout(timer);
    onClosed();
    socket.close();
  };
  const timer = setTimeout(close, IDLE).unref();
  socket.on('message', (payload: Buffer, { address, port }: RemoteInfo) => {
    timer.refresh();
    if (isOpen) back(payload, { host: address, port });
  });
  // UDP has no way to say that a datagram was lost.
  socket.on('error', close);
  return {
    send(payload) {
      if (!isOpen || waiting >= WAITING) return;
      timer.refresh();
      waiting += 1;
      socket.send(payload, to.port, to.host, (error) => {
        waiting -= 1;
        if (error) close();
      });
    },
    close,
  };
}

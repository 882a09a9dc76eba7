import type { Range } from '../../random.js';

/** How a host is connected to the internet. May be changed at any time; times are in ms. */
export interface HostConditions {
  /** Added to the time of everything that goes to or from it. Default 0. */
  latency: Range;
  /** Bytes per second, each way. Default Infinity. */
  bandwidth: number;
  /** Bytes of a TCP connection that it keeps while its program does not read. Default 65535. */
  window: number;
  /** Bytes of a TCP connection that it has under way without an acknowledgement. Default 65535. */
  flight: number;
  /** Share of the datagrams to it that are lost, from 0 to 1. Default 0. */
  loss: number;
  /** Share of the datagrams to it that come twice. Default 0. */
  duplication: number;
  /** Share of the datagrams to it that are overtaken by later ones. Default 0. */
  reordering: number;
  /** What a TCP port without a listener does: it refuses, or says nothing (a black hole). */
  closedPorts: 'refuse' | 'drop';
  /** Time after which its TCP gives up on a peer that does not acknowledge. Default 31500. */
  timeout: number;
}

/** A host without a delay and without loss, on a TCP with its usual sizes. */
export const GOOD_CONDITIONS: HostConditions = {
  latency: 0,
  bandwidth: Number.POSITIVE_INFINITY,
  window: 65_535,
  flight: 65_535,
  loss: 0,
  duplication: 0,
  reordering: 0,
  closedPorts: 'refuse',
  // Six retransmissions, the first after 500 ms, each after twice the time (protocol 8).
  timeout: 31_500,
};

/** What carries the bytes of a host in one direction, one after another. */
export class Pipe {
  private free = 0;

  /** When `size` bytes that are there at `from` have passed. */
  pass(size: number, from: number, bandwidth: number): number {
    if (bandwidth === Number.POSITIVE_INFINITY) return from;
    this.free = Math.max(this.free, from) + (size * 1_000) / bandwidth;
    return this.free;
  }
}

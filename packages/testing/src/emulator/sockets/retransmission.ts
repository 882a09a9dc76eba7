import type { Settings } from '../settings.js';

/** How often TCP sends something again, and from when on, in ms, as the module has it after a start. */
const USUAL = { synRetries: 6, dataRetries: 6, retransmissions: 10, retransmissionTime: 500 } as const;

/** Settings of `AT+CSOC` and `AT+CIPCCFG` that say how long TCP goes on without an answer. */
export type Retransmission = Pick<Settings, keyof typeof USUAL>;

/** Between two attempts to connect, in ms (protocol 3.17, `CSOC`). */
const SYN_WAITS = [1_000, 1_000, 2_000, 3_000, 3_000, 6_000, 12_000] as const;

/** The longest time between two attempts to send, in ms (RFC 6298, 2.5). */
const LONGEST_WAIT = 60_000;

/**
 * Time without an acknowledgement after which a connection is given up: each attempt waits twice as
 * long as the one before.
 *
 * @returns ms; undefined where no command has changed what the network does by itself.
 */
export function connectionLimit(settings: Retransmission): number | undefined {
  const { dataRetries, retransmissions, retransmissionTime } = settings;
  const usual =
    dataRetries === USUAL.dataRetries &&
    retransmissions === USUAL.retransmissions &&
    retransmissionTime === USUAL.retransmissionTime;
  if (usual) return undefined;
  const attempts = Math.max(1, Math.min(dataRetries, retransmissions));
  const waits = Array.from({ length: attempts }, (_, index) =>
    Math.max(retransmissionTime, Math.min(LONGEST_WAIT, retransmissionTime * 2 ** index)),
  );
  return sum(waits);
}

/**
 * Time without an answer after which an attempt to connect is given up.
 *
 * @returns ms; undefined where no command has changed what the network does by itself.
 */
export function connectLimit({ synRetries }: Retransmission): number | undefined {
  return synRetries === USUAL.synRetries ? undefined : sum(SYN_WAITS.slice(0, synRetries + 1));
}

function sum(times: readonly number[]): number {
  return times.reduce((total, time) => total + time, 0);
}

import type { EmulatorOptions } from '@a7600/testing';
import { bytesOf, CHUNK, connectedDriver, type Driver, drink, endsWithOk, pour } from './driver.js';

/** Traffic in one access mode and direction. */
export interface Traffic {
  readonly driver: Driver;
  /** Bytes of payload that have come through. */
  payload(): number;
  /** Starts that many chunks more, or traffic without end. */
  go(chunks: number): void;
}

export interface Mode {
  readonly name: string;
  start(options: EmulatorOptions): Traffic;
}

const SEND = bytesOf(`AT+CIPSEND=0,${CHUNK}\r`);
const READ = bytesOf(`AT+CIPRXGET=2,0,${CHUNK}\r`);
const PAYLOAD = new Uint8Array(CHUNK);
const PROMPT = 0x3e;
const PLUS = 0x2b;

export const modes: readonly Mode[] = [
  {
    name: 'direct push, in',
    start(options) {
      const driver = connectedDriver(options);
      const from = driver.heard;
      return { driver, payload: () => driver.heard - from, go: (chunks) => pour(driver.far, chunks) };
    },
  },
  {
    name: 'buffer read, in',
    start(options) {
      const driver = connectedDriver(options, ['AT+CIPRXGET=1']);
      let payload = 0;
      let left = 0;
      const read = () => {
        if (left <= 0) return;
        left -= 1;
        driver.send(READ);
      };
      driver.onHeard = (bytes) => {
        if (!endsWithOk(bytes)) return;
        payload += CHUNK;
        read();
      };
      const go = (chunks: number) => {
        pour(driver.far, chunks);
        left = chunks;
        read();
      };
      return { driver, payload: () => payload, go };
    },
  },
  {
    name: 'send, out',
    start(options) {
      const driver = connectedDriver(options);
      const drunk = drink(driver.far);
      let left = 0;
      const send = () => {
        if (left <= 0) return;
        left -= 1;
        driver.send(SEND);
      };
      driver.onHeard = (bytes) => {
        if (bytes.at(-1) === PROMPT) driver.send(PAYLOAD);
        // The result comes after `OK`.
        else if (bytes.includes(PLUS)) send();
      };
      const go = (chunks: number) => {
        left = chunks;
        send();
      };
      return { driver, payload: () => drunk.bytes, go };
    },
  },
  {
    name: 'transparent, in',
    start(options) {
      const driver = connectedDriver(options, ['AT+CIPMODE=1']);
      const from = driver.heard;
      return { driver, payload: () => driver.heard - from, go: (chunks) => pour(driver.far, chunks) };
    },
  },
  {
    name: 'transparent, out',
    start(options) {
      const driver = connectedDriver(options, ['AT+CIPMODE=1']);
      const drunk = drink(driver.far);
      return { driver, payload: () => drunk.bytes, go: (chunks) => write(driver, chunks) };
    },
  },
  {
    name: 'transparent, both ways',
    start(options) {
      const driver = connectedDriver(options, ['AT+CIPMODE=1']);
      const from = driver.heard;
      const drunk = drink(driver.far);
      const go = (chunks: number) => {
        write(driver, chunks);
        pour(driver.far, chunks);
      };
      return { driver, payload: () => driver.heard - from + drunk.bytes, go };
    },
  },
];

/** Writes so many chunks, as fast as they are taken. */
function write({ link }: Driver, chunks: number): void {
  let left = chunks;
  const next = () => {
    if (left <= 0) return;
    left -= 1;
    link.write(PAYLOAD).subscribe({ complete: next });
  };
  next();
}

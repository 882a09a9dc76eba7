import type { Observable } from 'rxjs';
import type { ByteLink } from './byte-link.js';

/** The lines that this side drives. */
export interface OutputLines {
  /** Data terminal ready. */
  readonly dtr: boolean;
  /** Request to send; leave it alone when RTS/CTS flow control is on. */
  readonly rts: boolean;
  /** A break: the transmit line held at 0. */
  readonly brk: boolean;
}

/** The lines that the device drives. */
export interface InputLines {
  /** Clear to send. */
  readonly cts: boolean;
  /** Data set ready. */
  readonly dsr: boolean;
  /** Data carrier detect: with `AT&C1` a module shows here whether it is in data mode. */
  readonly dcd: boolean;
}

/** Bits around each byte, and how the two sides hold each other back. */
export interface Framing {
  /** 5 to 8. Default 8. */
  readonly dataBits?: 5 | 6 | 7 | 8 | undefined;
  /** Default `none`. */
  readonly parity?: 'none' | 'even' | 'odd' | undefined;
  /** Default 1. */
  readonly stopBits?: 1 | 2 | undefined;
  /** RTS/CTS flow control; the module needs `AT+IFC=2,2` too. Default false. */
  readonly rtscts?: boolean | undefined;
}

/** A {@link ByteLink} over a serial port, wherever that is: here, in a browser, across a network. */
export interface SerialLink extends ByteLink {
  /** Bits per second as they are set now. */
  readonly baudRate: number;
  /**
   * Bytes that the port holds unsent at the most: empty, it has accepted that many and refused more.
   * Undefined while it has not, and where that cannot be seen.
   */
  readonly capacity?: number | undefined;
  /**
   * Changes the speed of the open port. Cold; completes when it is set.
   *
   * @param baudRate bits per second
   * @returns a cold observable that emits nothing and completes when the port has the rate
   */
  setBaudRate(baudRate: number): Observable<never>;
  /**
   * Sets the lines that are named and leaves the others as they are. Cold; completes when it is
   * done. Errors with `UNSUPPORTED` where there are no such lines.
   *
   * @param lines the lines to change; the others stay as they are
   * @returns a cold observable that emits nothing and completes when the lines are set
   */
  setLines(lines: Partial<OutputLines>): Observable<never>;
  /**
   * Reads the device's lines. Cold; emits once. Errors with `UNSUPPORTED` where there are none.
   *
   * @returns a cold observable that emits the state once
   */
  lines(): Observable<InputLines>;
  /**
   * Waits until everything that was written has left the port. Cold; completes then, errors with
   * `TIMEOUT` after `limit` ms (default 10000), as happens when flow control holds the bytes back.
   *
   * @param limit time in ms after which it fails with `TIMEOUT`
   * @returns a cold observable that emits nothing and completes when everything is sent
   */
  drain(limit?: number): Observable<never>;
}

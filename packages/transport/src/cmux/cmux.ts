import {
  asyncScheduler,
  concat,
  defer,
  EMPTY,
  mergeMap,
  Observable,
  type SchedulerLike,
  throwError,
} from 'rxjs';
import type { ByteLink } from '../byte-link.js';
import { TransportError } from '../errors.js';
import type { SerialLink } from '../serial-link.js';
import { ChannelLink } from './channel-link.js';
import { notClosed } from './errors.js';
import { MAX_PAYLOAD } from './frame.js';
import type { FrameFaults } from './frame-decoder.js';
import { DEFAULT_FRAME_SIZE, MuxLine } from './mux-line.js';

/** DLCI 62 would make an address that equals a flag (5.6 has 61 as the last). */
const MAX_DLCI = 61;

/** The longest payload that A76xx modules send. */
const MODULE_FRAME_SIZE = 1_500;

/** How the frames are exchanged. Times are in ms. */
export interface CmuxOptions {
  /**
   * N1: the longest payload of a frame in bytes, 1 to 32767, as `AT+CMUX` set it. Default 31, which is
   * the standard's when `AT+CMUX=0` sets none. A76xx modules take up to 1500, and longer frames than `frameSize` are
   * read until `negotiate` has shown that the module sends none.
   */
  readonly frameSize?: number | undefined;
  /** T1: time for the acknowledgement of a frame. Default 300. A frame is sent three times. */
  readonly acknowledgementTimeout?: number | undefined;
  /** T2: time for the response to a message on the control channel. Default 600. */
  readonly responseTimeout?: number | undefined;
  /**
   * Called with bytes outside frames: a module that restarts prints its start-up lines in plain text. Default:
   * they are counted only.
   */
  readonly onDiscarded?: ((bytes: Uint8Array) => void) | undefined;
  /** The clock. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
}

/** A serial line that carries several channels. */
export interface Multiplexed {
  /**
   * Opens a channel. Cold: emits a {@link SerialLink} once the module has acknowledged it, completes when
   * either side closes it; unsubscribing closes it. One that is still being closed is opened again after that. Its lines are the channel's own V.24 signals; its
   * rate is the line's, and `setBaudRate` errors with `UNSUPPORTED`.
   *
   * @param dlci 1 to 61. Each can be open once at a time.
   * @throws `MULTIPLEXER_REFUSED` where the module has no such channel, `TIMEOUT` where it does not answer,
   *   `INVALID_ARGUMENT`, and the error of a lost line.
   * @returns a cold transport over the channel
   */
  channel(dlci: number): Observable<SerialLink>;
  /**
   * Asks the module for frames of `frameSize` on a channel, before it is opened (PN). Cold; emits once: the size that
   * the module takes and keeps to, `frameSize` or less, or undefined when it does not negotiate. From then on
   * the channel carries frames of that size, and longer ones are taken for damage.
   *
   * @param dlci 1 to 61
   * @returns a cold observable of the size in bytes; errors with `TRANSPORT_CLOSED` after the end of the multiplexer
   * @see 3GPP TS 27.010, 5.4.6.3.1
   */
  negotiate(dlci: number): Observable<number | undefined>;
  /**
   * Returns the line to plain AT mode: closes the channels, then the multiplexer (CLD). Cold: emits
   * nothing, completes when the module has confirmed that, errors with `TIMEOUT` when it does not; only a
   * reset or a power cycle helps then. The port stays open until the subscription of `cmux` ends.
   *
   * @returns a cold observable that emits nothing and completes when the module is back in command mode
   */
  closeDown(): Observable<never>;
  /** What could not be read as a frame until now. */
  readonly faults: FrameFaults;
}

/**
 * Runs the multiplexing protocol on a line whose module has just answered `AT+CMUX` with `OK`; it sends no
 * AT command itself. Cold: opens the transport, sets up the multiplexer, emits it once. Errors with
 * `TIMEOUT` when the module does not answer to frames (some firmware answers `OK` and stays in plain AT
 * mode), and as the transport does. Unsubscribing closes the multiplexer down, then the port.
 *
 * @example
 * cmux(port, { frameSize: 127 }).pipe(switchMap((mux) => mux.channel(1)))
 * @see 3GPP TS 27.010, basic option
 * @param transport the line to the module
 * @param options the size of frames, and timeouts
 * @returns a cold observable that emits the multiplexed line once
 * @throws `INVALID_ARGUMENT` if an option is out of its range
 */
export function cmux(transport: Observable<ByteLink>, options: CmuxOptions = {}): Observable<Multiplexed> {
  const { frameSize = DEFAULT_FRAME_SIZE, acknowledgementTimeout = 300, responseTimeout = 600 } = options;
  const { scheduler = asyncScheduler, onDiscarded } = options;
  if (!Number.isInteger(frameSize) || frameSize < 1 || frameSize > MAX_PAYLOAD) {
    throw new TransportError(
      'INVALID_ARGUMENT',
      `frameSize is ${frameSize}. Give an integer from 1 to ${MAX_PAYLOAD}, the N1 that AT+CMUX set.`,
    );
  }
  const receiveSize = Math.max(frameSize, MODULE_FRAME_SIZE);
  const limits = { T1: acknowledgementTimeout, T2: responseTimeout };
  return new Observable((subscriber) => {
    let line: MuxLine | undefined;
    const port = transport.subscribe({
      next: (link) => {
        const opened = new MuxLine(link, { frameSize, receiveSize, limits, scheduler, onDiscarded });
        line = opened;
        opened.ready$.subscribe({
          next: () => subscriber.next(multiplexed(opened, link, scheduler)),
          error: (error) => subscriber.error(error),
        });
        opened.ended$.subscribe({
          next: (reason) => (reason === 'unanswered' ? subscriber.error(notClosed()) : subscriber.complete()),
          error: (error) => subscriber.error(error),
        });
      },
      error: (error) => subscriber.error(error),
      complete: () => {
        if (line === undefined) subscriber.complete();
      },
    });
    return () => {
      // A line that is left multiplexed answers no AT command of the next program.
      if (line === undefined) port.unsubscribe();
      else closeDown(line).subscribe({ error: () => port.unsubscribe(), complete: () => port.unsubscribe() });
    };
  });
}

function multiplexed(line: MuxLine, port: ByteLink, scheduler: SchedulerLike): Multiplexed {
  return {
    channel: (dlci) => concat(line.free(dlci), channel(line, port, scheduler, dlci)),
    negotiate: (dlci) => line.negotiate(dlci),
    closeDown: () => closeDown(line),
    get faults() {
      return line.faults;
    },
  };
}

function channel(
  line: MuxLine,
  port: ByteLink,
  scheduler: SchedulerLike,
  dlci: number,
): Observable<SerialLink> {
  return new Observable((subscriber) => {
    if (!Number.isInteger(dlci) || dlci < 1 || dlci > MAX_DLCI) {
      subscriber.error(
        new TransportError('INVALID_ARGUMENT', `dlci is ${dlci}. Give an integer from 1 to ${MAX_DLCI}.`),
      );
      return;
    }
    const link = new ChannelLink({
      line,
      port,
      dlci,
      scheduler,
      ready: (error) => {
        if (error === undefined) subscriber.next(link);
        else subscriber.error(error);
      },
    });
    if (!line.open(dlci, link)) {
      subscriber.error(
        new TransportError('PORT_BUSY', `Channel ${dlci} is open already, or the multiplexer has ended.`),
      );
      return;
    }
    subscriber.add(() => line.handle({ kind: 'close', dlci }));
    link.ended$.subscribe((end) => {
      if (end.by === 'lost') subscriber.error(end.error);
      else subscriber.complete();
    });
  });
}

function closeDown(line: MuxLine): Observable<never> {
  return defer(() => {
    line.handle({ kind: 'closeDown' });
    return line.ended$.pipe(
      mergeMap((reason) => (reason === 'unanswered' ? throwError(() => notClosed()) : EMPTY)),
    );
  });
}

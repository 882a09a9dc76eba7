/**
 * Above the modem's ports: several channels over one serial line, begun with `AT+CMUX`.
 *
 * @module
 */

import { type SerialLink, type Transport, TransportError } from '@a7600/transport';
import {
  asyncScheduler,
  catchError,
  concat,
  defer,
  EMPTY,
  ignoreElements,
  mergeMap,
  Observable,
  ReplaySubject,
  type SchedulerLike,
  Subscription,
  share,
  switchMap,
  throwError,
} from 'rxjs';
import { assertOptions, assertPorts, checked, type Shape } from '../base/given.js';
import type { ModemPorts } from '../modem/open-ports.js';
import { multiplexedLine, type OpenLine } from './multiplexed-line.js';
import { isStillPlain } from './plain-line.js';

const USUAL_CHANNELS = { control: 1, data: 2, spare: 3 };

/** Settings of {@link multiplexed}. */
export interface MultiplexedOptions {
  /**
   * N1: the longest payload of a frame in bytes, 1 to 1500; no more than `AT+CMUX=?` reports is used. Short
   * frames let commands pass sooner, long ones cost fewer bytes: 127 leave data 0.955 of the line, 1500
   * leave it 0.995. Default 127, which firmware that cannot count two bytes of length takes, too.
   */
  readonly frameSize?: number | undefined;
  /** Channels for commands, data, and the spare one; 1 to 61. Default 1, 2 and 3. */
  readonly channels?: { readonly control: number; readonly data: number; readonly spare: number } | undefined;
  /** Time in ms for the module to answer; one that was just switched on needs some 11 s. Default 30000. */
  readonly startTimeout?: number | undefined;
  /** The clock. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
}

const MULTIPLEXED_OPTIONS: Shape<MultiplexedOptions> = {
  frameSize: 'number',
  channels: 'object',
  startTimeout: 'number',
  scheduler: 'object',
};

/** The channels of one serial line, as the ports of a module. */
export interface MultiplexedPorts extends ModemPorts {
  /**
   * A further AT port for the program's own use. Cold: opens the line if no other channel has, emits a
   * {@link SerialLink}; unsubscribing closes it.
   */
  readonly spare: Observable<SerialLink>;
  /**
   * Completes when the line is back in plain AT mode and the port is closed, at once if it is not open. Errors
   * with `TIMEOUT` when the module did not confirm that: reset it or switch its power off and on before another
   * program uses the line. `multiplexed` itself takes such a module over. Cold.
   */
  readonly returned$: Observable<never>;
}

/**
 * Shares out one serial line to a module (`AT+CMUX`): `modem(multiplexed(serial(…)))` has a channel for commands and
 * one for transparent data, and a third one is the program's. The first channel that is subscribed to opens the port
 * and multiplexes it; when the last one is unsubscribed, the line returns to plain AT mode. A module that an earlier
 * program has left multiplexed is taken over.
 *
 * The channels error with `MULTIPLEXER_REFUSED` when the module refuses `AT+CMUX`, or answers `OK` and stays in plain
 * AT mode; with `MODULE_SILENT`, and as the transport does.
 *
 * @param transport the port: the module's UART
 * @param options - the numbers of the channels, and times
 * @returns the channels as ports; nothing is opened before one is subscribed to
 * @see 3GPP TS 27.010, basic option; AT command manual, AT+CMUX
 * @example
 * modem(multiplexed(serial({ path: '/dev/ttyS1', baudRate: 115_200 })))
 */
export function multiplexed(transport: Transport, options: MultiplexedOptions = {}): MultiplexedPorts {
  const { channels = USUAL_CHANNELS, scheduler = asyncScheduler } = options ?? {};
  const multiplexed$ = checked(
    () => {
      assertPorts('multiplexed', transport);
      assertOptions('multiplexed', options, '{ frameSize: 127 }', MULTIPLEXED_OPTIONS);
    },
    () => {
      const { frameSize = 127, startTimeout = 30_000 } = options;
      return multiplexedLine(transport, { frameSize, startTimeout, channel: channels.control, scheduler });
    },
  );
  let returned = new ReplaySubject<never>(0);
  returned.complete();
  const open$ = new Observable<OpenLine>((subscriber) => {
    const before = returned;
    const done = new ReplaySubject<never>(0);
    returned = done;
    const use = new Subscription();
    let current: OpenLine | undefined;
    const port$ = concat(before.pipe(catchError(() => EMPTY)), multiplexed$);
    use.add(
      port$.subscribe({
        next: (line) => {
          current = line;
          subscriber.next(line);
        },
        error: (error: unknown) => {
          done.complete();
          subscriber.error(error);
        },
        complete: () => {
          done.complete();
          subscriber.complete();
        },
      }),
    );
    return () => {
      const left$ = current === undefined ? EMPTY : leave(current, scheduler);
      left$.subscribe({
        error: (error: unknown) => {
          use.unsubscribe();
          done.error(error);
        },
        complete: () => {
          use.unsubscribe();
          done.complete();
        },
      });
    };
  });
  const line$ = open$.pipe(share({ connector: () => new ReplaySubject(1) }));
  const channel = (dlci: number) =>
    line$.pipe(
      switchMap(({ mux }) =>
        concat(defer(() => mux.negotiate(dlci)).pipe(ignoreElements()), mux.channel(dlci)),
      ),
    );
  return {
    control: channel(channels.control),
    data: channel(channels.data),
    spare: channel(channels.spare),
    returned$: defer(() => returned),
  };
}

/** Returns the line to plain AT mode, and makes sure of it: some firmware confirms that and goes on. */
function leave({ mux, link }: OpenLine, scheduler: SchedulerLike): Observable<never> {
  const check$ = defer(() => isStillPlain(link, scheduler)).pipe(
    mergeMap((isPlain) => (isPlain ? EMPTY : throwError(notReturned))),
  );
  return concat(mux.closeDown(), check$);
}

function notReturned(): TransportError {
  return new TransportError(
    'TIMEOUT',
    'The module confirmed that it stopped multiplexing, but does not answer AT. Reset it, or switch its power off ' +
      'and on, before another program uses the line; multiplexed() takes it over as it is.',
  );
}

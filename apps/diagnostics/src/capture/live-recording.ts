import type { ByteLink, LinkEnd } from '@a7600/transport';
import { type RecordOptions, record } from '@a7600/transport/recording';
import { EMPTY, Subject } from 'rxjs';

/** A recording of a link that passes elsewhere. */
export interface LiveRecording {
  sent(bytes: Uint8Array): void;
  received(bytes: Uint8Array): void;
  /** The link has ended: writes what is left. */
  end(): void;
}

/**
 * Records the chunks that it is given.
 *
 * @param sink called with each line of the recording, the header first
 * @param options as for `record`
 * @returns is given the chunks
 */
export function liveRecording(sink: (line: string) => void, options: RecordOptions): LiveRecording {
  const received$ = new Subject<Uint8Array>();
  const ended$ = new Subject<LinkEnd>();
  const link: ByteLink = {
    received$,
    ended$,
    write: () => EMPTY,
    close: () => EMPTY,
    pause() {},
    resume() {},
  };
  const recorded = record(link, sink, options);
  recorded.received$.subscribe();
  return {
    sent: (bytes) => void recorded.write(bytes).subscribe(),
    received: (bytes) => received$.next(bytes),
    end: () => ended$.next({ by: 'local' }),
  };
}

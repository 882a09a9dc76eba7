import { a7600, at, createDecoder } from '@a7600/at-codec';
import type { ByteLink } from '@a7600/transport';
import {
  defer,
  finalize,
  last,
  map,
  merge,
  type Observable,
  type SchedulerLike,
  Subject,
  type Subscription,
  take,
} from 'rxjs';
import { ModemError } from '../base/errors.js';
import { Lane } from '../lane/lane.js';

/** Time in ms for a module that should answer `AT`. */
export const AT_TIMEOUT = 3_000;
/** Time in ms for a command that is answered at once. */
export const COMMAND_TIMEOUT = 5_000;
/** Characters of what was heard last that are kept. */
const KEPT = 400;

/** A port in plain AT mode, for the few commands before and after it is multiplexed. */
export class PlainLine {
  readonly lane: Lane;
  private readonly silent = new Subject<void>();
  private readonly reading: Subscription;
  private recent = '';

  constructor(port: ByteLink, scheduler: SchedulerLike) {
    const decoder = createDecoder(a7600, (event) => this.lane.offer(event));
    this.lane = new Lane({
      ...{ port, scheduler, decoder, trace: undefined, joinedReads: 1 },
      line: {
        takesCommands: () => true,
        wanted: () => {},
        connected: () => {},
        refused: () => {},
        unanswered: () => {},
      },
      onSilent: () => this.silent.next(),
      onEcho: () => {},
      onStalled: () => {},
    });
    this.reading = port.received$.subscribe({
      next: (chunk) => {
        this.recent = (this.recent + String.fromCharCode(...chunk.subarray(-KEPT))).slice(-KEPT);
        this.lane.chunkBegins();
        decoder.push(chunk);
        this.lane.chunkEnds();
      },
      // The caller that opened the port learns of its end there.
      error: () => {},
    });
  }

  /** What was received last, since the module was asked whether it answers; a character for each byte. */
  get heard(): string {
    return this.recent;
  }

  /** Asks for that many ms whether the module answers `AT`. Cold; emits once. */
  answers(timeout: number): Observable<boolean> {
    this.recent = '';
    const asked$ = merge(this.lane.run(at()).pipe(map(() => true)), this.silent.pipe(map(() => false)));
    this.lane.start(timeout);
    return asked$.pipe(take(1));
  }

  /** Leaves the port to its next user. */
  end(): void {
    this.reading.unsubscribe();
    this.lane.end(new ModemError('CLOSED', 'The line is not in plain AT mode any more.'));
  }
}

/** Uses a port in plain AT mode; it is free before the caller that waits for the one value goes on. */
export function onPlainLine<T>(
  link: ByteLink,
  scheduler: SchedulerLike,
  use: (plain: PlainLine) => Observable<T>,
): Observable<T> {
  return defer(() => {
    const plain = new PlainLine(link, scheduler);
    return use(plain).pipe(
      finalize(() => plain.end()),
      last(),
    );
  });
}

/** Whether a module that has answered `AT+CMUX` with `OK` and is silent on frames answers `AT`. Cold; emits once. */
export function isStillPlain(link: ByteLink, scheduler: SchedulerLike): Observable<boolean> {
  return onPlainLine(link, scheduler, (plain) => plain.answers(AT_TIMEOUT));
}

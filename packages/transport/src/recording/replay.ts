import { asyncScheduler, Observable, type SchedulerLike, Subscription } from 'rxjs';
import type { ByteLink, Transport } from '../byte-link.js';
import type { PairEnd } from '../direct-pair.js';
import { TransportError } from '../errors.js';
import { assertGiven, unusable } from '../given.js';
import { linkPair } from '../link-pair.js';
import { parseRecording, type ReadEntry, type Recording } from './format.js';

/** Settings of {@link replay}. */
export interface ReplayOptions {
  /** How fast the device answers: 1 as recorded, 10 ten times as fast. Default: at once. */
  readonly speed?: number | undefined;
  /**
   * Time in ms, by the scheduler, that the host may wait for an answer that the recording does not have, because it ends
   * after a command without its final result: then the link is lost with `PROTOCOL`, which names the line. Default: for
   * ever.
   */
  readonly endTimeout?: number | undefined;
  /** Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
}

/**
 * A recording as a transport: it plays the device's side and checks the host's, so that a bug
 * report becomes a test. `source` is the text of a recording.
 *
 * Cold: each subscription plays it from the beginning. The device says nothing before the host has
 * sent what it had sent in the recording; a byte that differs loses the link with `PROTOCOL`, which
 * names the line. Bytes that were removed of the recording may be any when sent, and are dots
 * when received. Once everything was played, the link stays open until the host closes it, unless
 * `endTimeout` says otherwise. Errors with `PROTOCOL` when the recording is damaged.
 *
 * @param source the text of a recording
 * @param options speed and scheduler
 * @returns a cold transport that plays the device
 */
export function replay(source: string, options: ReplayOptions = {}): Transport {
  return new Observable<ByteLink>((subscriber) => {
    if (typeof source !== 'string') throw unusable('replay()', 'the text of a recording', source);
    assertGiven('replay()', options, '{ speed: 10 }');
    const recording = parseRecording(source);
    const [host, device] = linkPair();
    subscriber.add(new Player(recording, device, options).play());
    subscriber.add(() => host.close().subscribe({ error: () => {} }));
    host.ended$.subscribe((end) => {
      if (end.by === 'lost') subscriber.error(end.error);
      else subscriber.complete();
    });
    subscriber.next(host);
  });
}

class Player {
  private readonly recording: Recording;
  private readonly device: PairEnd;
  private readonly speed: number;
  private readonly scheduler: SchedulerLike;
  private readonly endTimeout: number | undefined;
  private readonly work = new Subscription();
  /** The entry that is due, and how much of it the host has sent. */
  private next = 0;
  private matched = 0;
  /** The pause before what the device says next. */
  private pause = Subscription.EMPTY;

  constructor(recording: Recording, device: PairEnd, options: ReplayOptions) {
    this.recording = recording;
    this.device = device;
    this.speed = options.speed ?? Number.POSITIVE_INFINITY;
    this.scheduler = options.scheduler ?? asyncScheduler;
    this.endTimeout = options.endTimeout;
  }

  play(): Subscription {
    const { device } = this;
    this.work.add(device.received$.subscribe({ next: (bytes) => this.check(bytes), error: () => {} }));
    this.proceed();
    return this.work;
  }

  /** Compares what the host sends with what it had sent. */
  private check(sent: Uint8Array): void {
    for (let at = 0; at < sent.length; at++) {
      this.catchUp();
      const entry = this.recording.entries[this.next];
      const wanted = entry?.bytes[this.matched];
      if (entry === undefined || (wanted !== undefined && wanted >= 0 && wanted !== sent[at])) {
        this.differs(entry, sent.subarray(at));
        return;
      }
      this.matched += 1;
      if (this.matched === entry.bytes.length) this.advance();
    }
  }

  /** The host did not wait for what the device was about to say: it is said now. */
  private catchUp(): void {
    for (let entry = this.due(); entry?.way === 'received'; entry = this.due()) this.say(entry);
  }

  private due(): ReadEntry | undefined {
    return this.recording.entries[this.next];
  }

  private advance(): void {
    this.next += 1;
    this.matched = 0;
    this.proceed();
    this.watchEnd();
  }

  /** Ends the link of a host that waits for what the recording does not have. */
  private watchEnd(): void {
    const { endTimeout, recording } = this;
    if (this.due() !== undefined || endTimeout === undefined || !owesResult(recording.entries)) return;
    const line = recording.entries.at(-1)?.line ?? 1;
    const end = () =>
      this.device.lose(new TransportError('PROTOCOL', `The recording ends at line ${line}, ${OWED}`));
    this.work.add(this.scheduler.schedule(end, endTimeout));
  }

  /** Plays what the device says next, after its pause. */
  private proceed(): void {
    const entry = this.due();
    if (entry?.way !== 'received') return;
    const before = this.recording.entries[this.next - 1]?.at ?? 0;
    const pause = (entry.at - before) / this.speed;
    if (pause > 0) {
      this.pause = this.scheduler.schedule(() => this.say(entry), pause);
      this.work.add(this.pause);
    } else {
      this.say(entry);
    }
  }

  private say(entry: ReadEntry): void {
    this.pause.unsubscribe();
    this.next += 1;
    const bytes = new Uint8Array(entry.bytes.length);
    for (let at = 0; at < bytes.length; at++)
      bytes[at] = entry.bytes[at] === -1 ? DOT : (entry.bytes[at] ?? DOT);
    this.device.write(bytes).subscribe({ error: () => {} });
    if (this.due()?.way === 'received' && this.pause.closed) this.proceed();
    this.watchEnd();
  }

  private differs(entry: ReadEntry | undefined, sent: Uint8Array): void {
    const shown = JSON.stringify(String.fromCharCode(...sent.subarray(0, 60)));
    const message =
      entry === undefined
        ? `The recording ends at line ${this.recording.entries.at(-1)?.line ?? 1}, and the host went on: it sent ${shown}.`
        : `The host differs at line ${entry.line} of the recording: expected ` +
          `${JSON.stringify(entry.text.slice(this.matched))}, it sent ${shown}.`;
    this.device.lose(new TransportError('PROTOCOL', message));
  }
}

const OWED = 'after a command without its answer: what the host waits for is not in it.';
/** What ends the answer to a command (ITU-T V.250, 5.7.1; 3GPP TS 27.007, 9.1), and the prompt for a payload. */
const FINAL = /(?:^|[\r\n])(?:OK|ERROR|\+CM[ES] ERROR:.*|CONNECT.*|NO CARRIER|> ?)\s*$/m;

/** Whether the last command of a recording has no final result in it. */
function owesResult(entries: readonly ReadEntry[]): boolean {
  const last = entries.map(({ way }) => way).lastIndexOf('sent');
  if (!/^\s*at/i.test(entries[last]?.text ?? '')) return false;
  const answer = entries.slice(last + 1).map(({ text }) => text);
  return !FINAL.test(answer.join(''));
}

/** Stands in for a byte that was removed of the recording. */
const DOT = 0x2e;

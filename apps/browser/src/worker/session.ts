import { liveRecording } from '@a7600/diagnostics/capture';
import { type ByteLink, type Transport, tapLink } from '@a7600/transport';
import type { RecordingEntry } from '@a7600/transport/recording';
import { asyncScheduler, map, Observable } from 'rxjs';
import type { PageState, Sample } from '../protocol.js';
import { Journal } from './journal.js';
import { Observer } from './observer.js';
import type { Outbox } from './outbox.js';

/** Time between two points of the plots, in ms. */
const SAMPLING = 1_000;

/** Everything that is known of one source: the dialogue, the facts, bytes over time. */
export class Session {
  readonly journal = new Journal();
  readonly observer: Observer;
  /** When it began, in ms since 1970. */
  readonly startedAt = Date.now();
  private readonly outbox: Outbox;
  private readonly onEntry: () => void;
  private readonly began = asyncScheduler.now();
  private bytes = { sent: 0, received: 0 };
  private sampled = { at: 0, sent: 0, received: 0 };

  /** `onEntry` is called after each entry of the dialogue. */
  constructor(outbox: Outbox, onEntry: () => void) {
    this.outbox = outbox;
    this.onEntry = onEntry;
    this.observer = new Observer(() => outbox.set({ facts: this.observer.facts }));
  }

  /** The same port, of which everything that passes is shown. */
  watched(port: Transport, onPort: (state: PageState['port']) => void): Transport {
    return new Observable((subscriber) => {
      onPort('opening');
      let recording: ReturnType<typeof liveRecording> | undefined;
      const end = () => {
        recording?.end();
        recording = undefined;
        this.observer.closed();
        onPort('closed');
      };
      const sink = (line: string) => {
        const { way, text } = JSON.parse(line) as Partial<RecordingEntry>;
        if (way !== undefined && text !== undefined) this.take(this.now(), way, text);
      };
      const watched$ = port.pipe(
        map((link: ByteLink) => {
          this.observer.opened();
          recording = liveRecording(sink, { redact: false });
          onPort('open');
          return link;
        }),
        tapLink({
          written: (bytes) => {
            this.count('sent', bytes.length);
            recording?.sent(bytes);
          },
          received: (bytes) => {
            this.count('received', bytes.length);
            recording?.received(bytes);
          },
        }),
      );
      subscriber.add(end);
      subscriber.add(watched$.subscribe(subscriber));
    });
  }

  /** The next entry of the dialogue. */
  take(at: number, way: RecordingEntry['way'], text: string): void {
    const entry = this.observer.read(at, way, text);
    this.journal.add(entry);
    if (entry.kind !== 'blank') this.outbox.add('entries', entry);
    this.outbox.set({ journal: this.journal.counts });
    this.onEntry();
  }

  count(way: RecordingEntry['way'], bytes: number): void {
    this.bytes = { ...this.bytes, [way]: this.bytes[way] + bytes };
    this.outbox.set({ bytes: this.bytes });
  }

  /** Time since it began, in ms. */
  now(): number {
    return asyncScheduler.now() - this.began;
  }

  /** Adds points to the plots while it is subscribed to. */
  sampling(): Observable<never> {
    return new Observable(() => {
      const timer = setInterval(() => this.sample(this.now()), SAMPLING);
      return () => clearInterval(timer);
    });
  }

  /** Adds a point to the plots. */
  sample(at: number): void {
    const { sampled, bytes } = this;
    const seconds = Math.max(0.001, (at - sampled.at) / 1_000);
    const { rssi } = this.observer.facts;
    const sample: Sample = {
      at: at / 1_000,
      rssi: rssi === undefined || rssi > 31 ? undefined : rssi,
      sent: (bytes.sent - sampled.sent) / seconds,
      received: (bytes.received - sampled.received) / seconds,
    };
    this.sampled = { at, ...bytes };
    this.outbox.add('samples', sample);
  }
}

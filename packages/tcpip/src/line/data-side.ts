import type { ByteLink } from '@a7600/transport';
import { type SchedulerLike, Subscription } from 'rxjs';
import type { Numbers } from './answers.js';
import type { Connection } from './connection.js';
import { DataReader } from './data-reader.js';
import { LifeSigns } from './life-signs.js';
import { drops } from './modem-signals.js';
import type { Doubt } from './state.js';

/** What a {@link DataSide} calls. */
export interface DataSideTarget {
  doubted(doubt: Doubt): void;
  trusted(): void;
  heard(): void;
  proven(): void;
  answered(contradicts: boolean): void;
}

/** What a {@link DataSide} works with. */
export interface DataSideOptions {
  readonly port: ByteLink;
  readonly scheduler: SchedulerLike;
  readonly flowControl: boolean;
  /** The module reports the next client on this line, although the end of this one may have been lost. */
  readonly reportsNext: boolean;
  /** Undefined when the data has no consumer. */
  readonly connection: Connection | undefined;
  readonly target: DataSideTarget;
}

/** What arrives in data mode, and everything that may tell that the module is not in it any more. */
export class DataSide {
  private readonly options: DataSideOptions;
  private readonly reader: DataReader;
  private readonly signs: LifeSigns;
  private signals = Subscription.EMPTY;

  constructor(options: DataSideOptions) {
    const { scheduler, connection, target } = options;
    this.options = options;
    this.signs = new LifeSigns(
      scheduler,
      connection?.confirmInterval,
      () => target.doubted('silent'),
      () => connection?.writer.isStopped !== true,
    );
    this.reader = new DataReader(scheduler, options.reportsNext, {
      deliver: (bytes) => connection?.deliver(bytes),
      wrote: (line) => this.signs.isOurs(line),
      doubtful: (doubt) => target.doubted(doubt),
      trusted: () => target.trusted(),
      proven: () => target.proven(),
      answered: (contradicts) => target.answered(contradicts),
    });
  }

  receive(bytes: Uint8Array): void {
    this.signs.heard(bytes);
    this.options.target.heard();
    this.reader.receive(bytes);
  }

  wrote(bytes: Uint8Array): void {
    this.signs.wrote(bytes);
    this.reader.wrote(bytes);
  }

  /** Payload flows in both directions. */
  start(): void {
    const { port, flowControl, scheduler, target } = this.options;
    this.watch();
    this.signals.unsubscribe();
    this.signals = drops(port, flowControl, scheduler).subscribe(() => target.doubted('signal'));
  }

  /** Watches for signs that the module has left data mode, from now on. */
  watch(): void {
    this.signs.start();
  }

  /** No payload is written any more. */
  stop(): void {
    this.signs.stop();
    this.signals.unsubscribe();
  }

  withhold(): void {
    this.reader.withhold();
  }

  awaitEscape(): void {
    this.reader.awaitEscape();
  }

  awaitAnswer(numbers: Numbers, first: boolean): void {
    this.reader.awaitAnswer(numbers, first);
  }

  /** Returns the module's lines among what was kept. */
  trust(): Uint8Array {
    return this.reader.trust();
  }

  /** The same when the connection is gone. */
  distrust(): Uint8Array {
    return this.reader.distrust();
  }

  /** What is kept begins with the report of the next client, and all of it is the module's. */
  replaced(): void {
    this.reader.replaced();
  }

  end(): void {
    this.stop();
    this.reader.end();
  }
}

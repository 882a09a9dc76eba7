import type { Clock } from '../clock.js';
import type { EmulatorEvent } from '../events.js';
import type { Faults } from '../faults/faults.js';
import { Fifo } from '../line/fifo.js';
import type { Line, LineEnd } from '../line/line.js';
import type { Profile } from '../profiles/profile.js';
import { defaultPortSettings, type PortSettings, type Settings, type Stored } from '../settings.js';
import { Output } from './output.js';

/** What ends a line unless `ATS3` or `ATS4` says otherwise. */
const USUAL_END = { cr: '\r', lf: '\n' };

/** What a {@link Port} needs of the module around it. */
export interface PortContext {
  readonly clock: Clock;
  readonly faults: Faults;
  readonly profile: Profile;
  readonly stored: Stored;
  readonly settings: Pick<Settings, 'cmee'>;
  emit(event: EmulatorEvent): void;
  /** Called at any arrival and before anything is printed: something may happen there. */
  moment(): void;
  /** Whether the module is on and awake: bytes that come while it is not are lost. */
  hears(port: Port): boolean;
  /** Called when the host takes more again, or when unsolicited units no longer wait. */
  ready(): void;
  /** Called when the host's DTR goes off. */
  dtrDropped(port: Port): void;
}

/** Reads the commands of a port. */
export interface PortReader {
  /** A command line is being carried out, or waits for its payload. */
  readonly busy: boolean;
  /** Reads on, as far as the module is ready for it. */
  proceed(): void;
  /** Forgets what was typed and what was going on. */
  reset(): void;
}

/** Takes the bytes of a port in place of its reader: a transparent connection. */
export interface Diversion {
  /** Bytes that have just arrived; those that are data come back through {@link Port.takeInput}. */
  arrived(bytes: Uint8Array): void;
  /** Takes a part of the bytes that wait, and returns how many. */
  take(bytes: Uint8Array): number;
  /** Nothing that was printed is on the line any more. */
  drained?(): void;
}

/** One AT port of the module: its line, its input and output, and the settings that are its own. */
export class Port implements LineEnd {
  /** As `AT+CATR` counts ports: the UART is 1. */
  readonly number: number;
  /** What the host has sent and the module has not read. */
  readonly input = new Fifo();
  readonly output: Output;
  readonly settings: PortSettings;
  private readonly context: PortContext;
  private readonly readers = new Set<PortReader>();
  /** What waits until no command line is being carried out. */
  private readonly postponed: (() => void)[] = [];
  private current: Diversion | undefined;
  private line: Line | undefined;
  private locks = 0;
  private dtrOn = true;

  constructor(number: number, context: PortContext) {
    this.number = number;
    this.context = context;
    this.settings = defaultPortSettings(context.profile, context.stored);
    this.output = new Output({
      faults: context.faults,
      format: () => {
        const { verbose, quiet, connectText, format } = this.settings;
        const { cmee } = context.settings;
        return { verbose, quiet, connectText, cmee, baudRate: format.baudRate, lineEnd: this.lineEnd };
      },
      lineEnd: () => this.lineEnd,
      printed(what, bytes) {
        context.emit({ kind: 'printed', what, bytes });
        context.moment();
      },
      released: () => context.ready(),
    });
  }

  private get lineEnd(): { readonly cr: string; readonly lf: string } {
    const { registers } = this.settings;
    if (registers[3] === 13 && registers[4] === 10) return USUAL_END;
    return { cr: String.fromCharCode(registers[3]), lf: String.fromCharCode(registers[4]) };
  }

  /** Connects the serial line, while the host has its port open; returns what takes it away. */
  connect(line: Line): () => void {
    this.line = line;
    this.output.connect(line);
    this.configure();
    return () => {
      if (this.line !== line) return;
      this.line = undefined;
      this.output.connect(undefined);
    };
  }

  /** Applies speed, frame and flow control to the line. */
  configure(): void {
    const { format, flow } = this.settings;
    this.line?.configure({ format, holdsHost: flow[0] === 2, heedsHost: flow[1] === 2 });
  }

  /** Adds a reader of commands; returns what removes it. */
  attach(reader: PortReader): () => void {
    this.readers.add(reader);
    return () => this.readers.delete(reader);
  }

  /** Sends the bytes of the host elsewhere; returns what ends that. */
  divert(diversion: Diversion): () => void {
    this.current = diversion;
    return () => {
      if (this.current === diversion) this.current = undefined;
    };
  }

  get diversion(): Diversion | undefined {
    return this.current;
  }

  receive(bytes: Uint8Array): void {
    this.context.emit({ kind: 'received', bytes });
    this.context.moment();
    if (!this.context.hears(this)) return;
    if (this.current !== undefined) this.current.arrived(bytes);
    else this.takeInput(bytes);
  }

  /** Bytes of the host that are to be read. */
  takeInput(bytes: Uint8Array): void {
    this.input.push(bytes);
    this.proceed();
  }

  drained(): void {
    this.current?.drained?.();
    this.context.ready();
  }

  /** Reads on, after something kept the module from it. */
  proceed(): void {
    for (const reader of this.readers) reader.proceed();
  }

  /** No command is begun. */
  get locked(): boolean {
    return this.locks > 0;
  }

  /** Does something during which no command is begun, although the host answers at once. */
  exclusively(work: () => void): void {
    this.locks += 1;
    work();
    this.locks -= 1;
    this.proceed();
  }

  /** Does something {@link exclusively} between two command lines: now, or when the one at work has its result. */
  betweenCommands(work: () => void): void {
    this.postponed.push(work);
    this.commandOver();
  }

  /** Does what waited for the end of a command line. */
  commandOver(): void {
    if ([...this.readers].some(({ busy }) => busy)) return;
    for (const work of this.postponed.splice(0)) this.exclusively(work);
  }

  /** The host's DTR line. */
  get dtr(): boolean {
    return this.dtrOn;
  }

  set dtr(on: boolean) {
    const dropped = this.dtrOn && !on;
    this.dtrOn = on;
    if (dropped) this.context.dtrDropped(this);
  }

  /** Forgets everything but what is stored, as a restart does. */
  reset(): void {
    this.output.reset();
    this.postponed.length = 0;
    for (const reader of this.readers) reader.reset();
    Object.assign(this.settings, defaultPortSettings(this.context.profile, this.context.stored));
    this.configure();
  }
}

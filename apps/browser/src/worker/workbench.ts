import type { TerminalLine } from '@a7600/diagnostics/terminal';
import type { Modem } from '@a7600/tcpip';
import { remedyOf, type Transport } from '@a7600/transport';
import { delay, filter, type Observable, Subscription, take, tap } from 'rxjs';
import {
  type Batch,
  type Format,
  type PageState,
  type ProgramState,
  profiles,
  type Request,
  type Source,
} from '../protocol.js';
import { examine } from './doctor.js';
import { echoCheck } from './echo-check.js';
import { cause, type EmulatedModule, emulatedModule } from './emulated.js';
import { inTurn } from './in-turn.js';
import { observedSdk } from './observed.js';
import { NO_FACTS } from './observer.js';
import { Outbox } from './outbox.js';
import { program } from './program.js';
import { readRecording } from './recording.js';
import { serialPort } from './serial.js';
import { Session } from './session.js';
import { ownLine, sharedLine, typed } from './terminal.js';

const NO_FAULTS: PageState['faults'] = { bytes: false, antenna: false, unplugged: false };

/** Time in ms that the check gives the program after its server listens. */
const CALL_AFTER = 100;

const BEFORE: PageState = {
  source: undefined,
  title: '',
  port: 'closed',
  task: 'nothing',
  terminal: 'command',
  program: undefined,
  facts: NO_FACTS,
  bytes: { sent: 0, received: 0 },
  online: undefined,
  modem: undefined,
  counters: undefined,
  overruns: 0,
  check: undefined,
  faults: NO_FAULTS,
  fault: undefined,
  journal: { kept: 0, discarded: 0 },
  error: undefined,
};

/** A module that is opened, and what is known of it. */
interface Opened {
  readonly source: Source;
  readonly session: Session;
  /** Opens its port; undefined for a recording. */
  readonly port: Transport | undefined;
  readonly emulated: EmulatedModule | undefined;
  /** Ends with the source. */
  readonly life: Subscription;
}

/**
 * Does what the page asks for: opens a source, and gives its port to a program, the terminal or the doctor, one at a
 * time.
 */
export class Workbench {
  private readonly outbox: Outbox;
  private opened: Opened | undefined;
  /** Who has the port. */
  private task = Subscription.EMPTY;
  /** The name of the program that runs. */
  private running: string | undefined;
  /** The modem of the program, while it is open. */
  private modem: Modem | undefined;
  private line: TerminalLine | undefined;
  private typing = Subscription.EMPTY;
  private faults = NO_FAULTS;
  /** Of the last examination. */
  private bundle = '';

  /** `post` is called with what the page is to show. */
  constructor(post: (batch: Batch) => void) {
    this.outbox = new Outbox(post);
  }

  /** Does what the page asks for. */
  handle(request: Request): void {
    switch (request.kind) {
      case 'taken':
        this.outbox.taken();
        break;
      case 'open':
        this.open(request.source);
        break;
      case 'close':
        this.close();
        break;
      case 'run':
        this.run(request.name, request.text, request.check);
        break;
      case 'stop':
        this.stop();
        break;
      case 'call':
        this.call();
        break;
      case 'fault':
        this.cause(request.fault);
        break;
      case 'type':
        this.type(request.line);
        break;
      case 'examine':
        this.examine();
        break;
      case 'bundle':
        this.file('doctor.jsonl', new TextEncoder().encode(this.bundle));
        break;
      case 'save':
        this.save(request.format);
        break;
    }
  }

  private open(source: Source): void {
    this.close();
    this.outbox.reset();
    this.outbox.set({ ...BEFORE, source: source.kind, title: titleOf(source) });
    const session = new Session(this.outbox, () => this.showWants());
    const life = new Subscription();
    if (source.kind === 'recording') {
      try {
        readRecording(source.text, session);
      } catch (error) {
        this.fail(error);
      }
      this.opened = { source, session, port: undefined, emulated: undefined, life };
      void this.judge(source.text);
      return;
    }
    const emulated = source.kind === 'emulated' ? emulatedModule(source) : undefined;
    const raw = source.kind === 'serial' ? serialPort(source.port, source.baudRate) : emulated?.port;
    const port = raw && session.watched(inTurn(raw), (state) => this.outbox.set({ port: state }));
    life.add(session.sampling().subscribe());
    if (emulated !== undefined) {
      life.add(emulated.services);
      life.add(emulated.port.control.events$.subscribe(() => this.countOverruns()));
    }
    this.opened = { source, session, port, emulated, life };
  }

  private close(): void {
    this.stop();
    this.opened?.life.unsubscribe();
    this.opened = undefined;
    this.faults = NO_FAULTS;
  }

  private run(name: string, text: string, check: boolean): void {
    const { port, emulated } = this.opened ?? {};
    if (port === undefined) return;
    this.stop();
    this.outbox.set({
      task: 'program',
      program: { name, state: 'running' },
      online: undefined,
      counters: undefined,
      check: undefined,
      error: undefined,
    });
    this.running = name;
    const sdk = observedSdk(
      (change) => this.outbox.set(change),
      (modem) => {
        this.modem = modem;
      },
    );
    const print = (line: unknown) => this.outbox.add('printed', String(line));
    this.task = new Subscription();
    this.task.add(
      program(text, { port, print }, sdk).subscribe({
        error: (error: unknown) => {
          this.fail(error);
          this.end({ name, state: 'failed', error: messageOf(error) });
        },
        complete: () => this.end({ name, state: 'done' }),
      }),
    );
    if (check && emulated !== undefined) this.task.add(this.callWhenListening(emulated).subscribe());
  }

  /** The program has ended. */
  private end(program: ProgramState): void {
    this.running = undefined;
    this.outbox.set({ task: 'nothing', program, online: undefined, modem: undefined });
  }

  /** Calls the echo server of the program when it listens for the first time. */
  private callWhenListening({ port }: EmulatedModule): Observable<unknown> {
    return port.control.events$.pipe(
      filter((event) => event.kind === 'server' && event.listens !== undefined),
      take(1),
      delay(CALL_AFTER),
      tap(() => this.call()),
    );
  }

  private call(): void {
    const { emulated } = this.opened ?? {};
    if (emulated === undefined) return;
    this.task.add(
      echoCheck(emulated.network).subscribe({
        next: (check) => this.outbox.set({ check }),
        error: (error: unknown) => this.outbox.set({ check: `The check failed: ${messageOf(error)}` }),
      }),
    );
  }

  private stop(): void {
    if (!this.task.closed) {
      this.task.unsubscribe();
      this.outbox.set({ task: 'nothing' });
      if (this.running !== undefined) this.end({ name: this.running, state: 'stopped' });
    }
    this.typing.unsubscribe();
    this.typing = new Subscription();
    this.line = undefined;
    this.modem = undefined;
  }

  private cause(fault: Extract<Request, { kind: 'fault' }>['fault']): void {
    const { emulated } = this.opened ?? {};
    if (emulated === undefined) return;
    const words = cause(fault, emulated.port, this.faults, (change) => {
      this.faults = { ...this.faults, ...change };
      this.outbox.set({ faults: this.faults });
    });
    this.outbox.set({ fault: words });
  }

  private type(text: string): void {
    const { port } = this.opened ?? {};
    if (port === undefined) return;
    if (this.modem !== undefined) this.perform(text, sharedLine(this.modem));
    else if (this.line !== undefined) this.perform(text, this.line);
    else this.openTerminal(text, port);
  }

  /** Opens the port for the terminal, which has it until something else wants it. */
  private openTerminal(text: string, port: Transport): void {
    this.stop();
    this.outbox.set({ task: 'terminal', error: undefined });
    this.task = new Subscription();
    this.task.add(
      ownLine(port).subscribe({
        next: (line) => {
          this.line = line;
          this.task.add(
            line.others$.subscribe({
              next: (shown) => this.outbox.add('shown', shown),
              error: () => {},
            }),
          );
          this.perform(text, line);
        },
        error: (error: unknown) => {
          this.stop();
          this.fail(error);
        },
      }),
    );
  }

  private perform(text: string, line: TerminalLine): void {
    this.typing.add(
      typed(text, line).subscribe({
        next: (shown) => this.outbox.add('shown', shown),
        complete: () => this.showWants(),
      }),
    );
  }

  /** What the terminal's line waits for changes with what the module prints. */
  private showWants(): void {
    if (this.line !== undefined) this.outbox.set({ terminal: this.line.wants });
  }

  private examine(): void {
    const { port, source } = this.opened ?? {};
    if (port === undefined || source === undefined) return;
    this.stop();
    this.outbox.set({ task: 'doctor', error: undefined });
    this.outbox.add('diagnoses', 'begin');
    const baudRate = source.kind === 'serial' ? source.baudRate : undefined;
    this.task = examine(port, baudRate, (text) => {
      this.bundle = text;
    }).subscribe({
      next: (diagnosis) => this.outbox.add('diagnoses', diagnosis),
      error: (error: unknown) => this.fail(error),
      complete: () => this.outbox.set({ task: 'nothing' }),
    });
  }

  /** The verdict of a bundle of the doctor. */
  private async judge(text: string): Promise<void> {
    const { isBundle, reexamine } = await import('@a7600/diagnostics/doctor');
    if (!isBundle(text)) return;
    this.outbox.add('diagnoses', 'begin');
    for (const diagnosis of reexamine(text).diagnoses) this.outbox.add('diagnoses', diagnosis);
  }

  private save(format: Format): void {
    const { session } = this.opened ?? {};
    if (session === undefined) return;
    const name = format === 'capture' ? 'dialogue.pcapng' : 'dialogue.jsonl';
    this.file(name, session.journal.file(format, session.startedAt));
  }

  private file(name: string, bytes: Uint8Array): void {
    this.outbox.add('files', { name, bytes });
  }

  private countOverruns(): void {
    const { control } = this.opened?.emulated?.port ?? {};
    if (control === undefined) return;
    this.outbox.set({ overruns: control.lostByHost });
  }

  private fail(error: unknown): void {
    const advice = remedyOf(error)?.advice ?? '';
    this.outbox.set({ error: { message: messageOf(error), advice } });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function titleOf(source: Source): string {
  if (source.kind === 'recording') return source.name;
  if (source.kind === 'serial') return `Serial port, ${source.baudRate.toLocaleString('en')} baud`;
  return `Emulated module, ${profiles[source.profile]}`;
}

import { type AtEvent, type Command, restarted } from '@a7600/at-codec';
import type { ByteLink } from '@a7600/transport';
import { type SchedulerLike, timer } from 'rxjs';
import type { Login } from '../dialogue/cgauth.js';
import { type Dialogue, dialogueOf, type Reply } from '../dialogue/dialogue.js';
import { isUnanswered } from '../dialogue/errors.js';
import { commandLine } from './command-lines.js';
import type { HostFacts } from './host-facts.js';
import { type Routine, wait } from './routine.js';
import { type Verdict, verdict } from './verdicts.js';

/** Models whose TCP/IP commands are those of the application note; some say `SIMCOM_SIM7600E-H`. */
const SUPPORTED = /(?:^|[^A-Z\d])(?:A5360|A76\d\d|SIM7[56]\d\d)/i;

/**
 * What decided the verdict and does not pass redaction. An examination of a module collects it; one of a bundle has
 * it given.
 */
export interface Facts {
  /** The network gave an IPv6 address only. */
  onlyIpv6?: boolean;
  /** The families of the addresses: `IPv4 and IPv6`. */
  families?: string;
  /** Time of this computer less that of the network, in ms. */
  clockDifference?: number | undefined;
  /** It answered in numbers (`ATV0`). */
  inNumbers?: boolean;
  /** What came without an answer was no text. */
  unreadable?: boolean;
  /** Before how many commands something came that nothing explains, in their order. */
  damage?: number[];
  /** The same question was answered differently. */
  unreliable?: boolean;
  /** Whether the module named itself as one that is supported, each time that it was asked. */
  supported?: boolean[];
  /** The name server that was tried, as everybody may see it. */
  nameServer?: string;
}

/** What was asked for. Times are in ms. */
export interface DoctorOptions {
  readonly scheduler: SchedulerLike;
  readonly host: HostFacts;
  /** The connection options as they were typed, for the next command: `--serial /dev/ttyUSB2`. */
  readonly connection: string;
  /** The rate that the port was opened with, where it has one. */
  readonly baudRate: number | undefined;
  /** Whether the port was looked for, not named. */
  readonly searched: boolean;
  readonly apn: string | undefined;
  /** For an access point that wants one. */
  readonly login?: Login | undefined;
  readonly pin: string | undefined;
  /** Who is connected to, to see whether data passes. */
  readonly target: { readonly host: string; readonly port: number };
  /** Time that SIM and registration are waited for. */
  readonly readyTimeout: number;
  /** Of the bundle that is examined. */
  readonly known?: Facts | undefined;
}

/** Ends an examination with a verdict. */
export class Concluded extends Error {
  readonly verdict: Verdict;

  constructor(conclusion: Verdict) {
    super(conclusion.title);
    this.verdict = conclusion;
  }
}

/** The module started again in the middle of the examination. */
export class Restarted extends Error {}

/** A settled question. */
export type Answered<R> = Reply<R> & { readonly value: R };

/**
 * Time in ms for an answer unless a step says otherwise: modules answer sooner than the maximum of their manual, which
 * is two minutes for `ATI`, and a lost answer should not cost that.
 */
const ANSWER_TIMEOUT = 10_000;
/** Bytes of what comes before the first answer that are kept. */
const KEPT = 2_000;

/** Lines of a start. */
const START = restarted.map(({ text }) => text);
/** What a module without a SIM prints when it starts, unasked. */
const NO_SIM = /^\+CME ERROR: (?:SIM not inserted|10)$/i;

/** The module under examination: asks, and watches what else comes. */
export class Examination {
  readonly link: ByteLink;
  readonly options: DoctorOptions;
  readonly dialogue: Dialogue;
  readonly facts: Facts;
  /** What came before the module answered, a character for each byte. */
  heard = '';
  answers = 0;
  restarts = 0;
  /** The names of commands that were not answered in time: what nothing asks for may be their answer. */
  private readonly late: string[] = [];
  /** Whether `AT+CIPMODE=1` is set, which leaves no link beside the transparent one. */
  transparent = false;
  private asked = 0;
  private readonly suspicious: string[] = [];

  constructor(link: ByteLink, options: DoctorOptions, facts: Facts = {}) {
    this.link = link;
    this.options = options;
    this.facts = facts;
    this.dialogue = dialogueOf(link, { scheduler: options.scheduler });
    const quiet = { error: () => {} };
    this.dialogue.received$.subscribe({
      ...quiet,
      next: (bytes) => {
        if (this.answers > 0) return;
        this.heard = (this.heard + String.fromCharCode(...bytes.subarray(-KEPT))).slice(-KEPT);
      },
    });
    this.dialogue.events$.subscribe({ ...quiet, next: (event) => this.watch(event) });
    this.dialogue.unclaimed$.subscribe({ ...quiet, next: (event) => this.judge(event) });
  }

  /** Asks; the reply may be a failure, or none (`error` is a `TIMEOUT`). Throws {@link Restarted}. */
  *ask<R>(command: Command<R>, timeout?: number): Routine<Reply<R>> {
    this.asked += 1;
    const before = this.restarts;
    const reply = yield* wait(
      this.dialogue.ask(command, timeout ?? Math.min(command.timeout, ANSWER_TIMEOUT)),
    );
    if (this.restarts > before && this.answers > 0) throw new Restarted();
    if (!isUnanswered(reply.error)) this.answers += 1;
    else if (this.answers > 0) this.late.push(/^AT(\+[A-Z]+)?/.exec(command.text)?.[1] ?? 'AT');
    return reply;
  }

  /** Asks for what every module has: no answer is a verdict. */
  *expectAnswer<R>(command: Command<R>, timeout?: number): Routine<Reply<R>> {
    const reply = yield* this.ask(command, timeout);
    if (isUnanswered(reply.error)) {
      // A damaged command or answer looks like silence: the module is asked once more.
      const again = yield* this.ask(command, timeout);
      if (isUnanswered(again.error)) throw new Concluded(this.silence(reply));
      return again;
    }
    return reply;
  }

  /** The value that a command gives; undefined if the module refuses it. */
  *value<R>(command: Command<R>, timeout?: number): Routine<R | undefined> {
    return (yield* this.expectAnswer(command, timeout)).value;
  }

  /** Lets time pass. */
  *pause(ms: number): Routine<void> {
    yield* wait(timer(ms, this.options.scheduler));
  }

  /** Writes bytes as they are. */
  *write(bytes: string): Routine<void> {
    yield* wait(this.link.write(bytes));
  }

  /** The time by the scheduler, in ms. */
  get now(): number {
    return this.options.scheduler.now();
  }

  /** The command line for the next try. */
  command(subcommand: string, ...more: readonly string[]): string {
    return commandLine(this.options, subcommand, ...more);
  }

  private silence({ label, error }: Reply): Verdict {
    const evidence = [error?.message ?? `${label} was not answered.`];
    if (this.isDamaged) return verdict('LINE_DAMAGED', [...this.damage.slice(0, 3), ...evidence]);
    return verdict('STOPPED_ANSWERING', evidence, this.command('doctor'));
  }

  /** Lines and bytes that neither the module prints nor a command explains. */
  get damage(): readonly string[] {
    const { known } = this.options;
    if (known === undefined) return this.suspicious;
    // Redacted lines explain nothing: the bundle says which ones were damaged.
    return (known.damage ?? []).filter((asked) => asked <= this.asked).map(() => 'as recorded');
  }

  /** Whether a module of that name is supported. A name that was damaged does not pass redaction: the bundle says it. */
  supports(model: string): boolean {
    const before = this.facts.supported ?? [];
    const isSupported = this.options.known?.supported?.[before.length] ?? SUPPORTED.test(model);
    this.facts.supported = [...before, isSupported];
    return isSupported;
  }

  /** Notes something that nothing explains. */
  suspect(what: string): void {
    this.suspicious.push(what);
    this.facts.damage = [...(this.facts.damage ?? []), this.asked];
  }

  /** Whether so much came wrong that the line is to blame. */
  get isDamaged(): boolean {
    return this.damage.length >= 2;
  }

  private watch(event: AtEvent): void {
    if (event.kind === 'urc' && START.includes(event.name)) this.restarts += 1;
  }

  /** Whether it is one of the lines of a start, which is a result in its form alone. */
  private isOfStart({ text }: { readonly text: string }): boolean {
    return this.restarts > 0 && NO_SIM.test(text);
  }

  private isLate(event: AtEvent & { readonly text: string }): boolean {
    return this.late.some((name) => event.kind === 'result' || event.text.startsWith(`${name}:`));
  }

  private judge(event: AtEvent): void {
    if (this.answers === 0) return;
    if (event.kind === 'noise') this.suspect(`${event.raw.length} bytes that are no line`);
    else if ('text' in event && !this.isLate(event) && !this.isOfStart(event)) {
      this.suspect(`"${event.text}", which nothing explains`);
    }
  }
}

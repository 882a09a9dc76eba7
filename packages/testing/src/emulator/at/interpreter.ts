import { isObservable, of, Subscription, take } from 'rxjs';
import type { Module } from '../module.js';
import type { Behaviour } from './behaviour.js';
import { type FinalReply, type PromptReply, type Reply, refuse, type Unit } from './reply.js';
import { parseCommandLine, type Request } from './request.js';
import { type ScanMode, Scanner, type ScannerTarget } from './scanner.js';

/** Longest time of an answer in ms, unless a behaviour has its own (protocol 4). */
const MAX_TIME = 9_000;

/** What a handler gave. */
type Handled = ReturnType<PromptReply['take']>;

/** Carries out command lines, one at a time, and gives each its final result. */
export class Interpreter implements ScannerTarget {
  readonly scanner: Scanner;
  private readonly module: Module;
  private readonly behaviours = new Map<string, Behaviour>();
  private state: 'ready' | 'busy' | 'payload' = 'ready';
  /** The command that is being carried out, and what is left of its line. */
  private current: Request | undefined;
  private rest: Request[] = [];
  private units: Unit[] = [];
  private afterwards: (() => void)[] = [];
  private locks = 0;
  private pending: PromptReply | undefined;
  private limit = Subscription.EMPTY;

  constructor(module: Module, behaviours: readonly Behaviour[]) {
    this.module = module;
    for (const behaviour of behaviours) this.behaviours.set(behaviour.command.toUpperCase(), behaviour);
    this.scanner = new Scanner(module.input, this, module.profile.commandBuffer + 'AT'.length);
  }

  get scanMode(): ScanMode {
    if (this.module.dataMode.mode === 'data') return 'data';
    if (this.state === 'busy' || this.locks > 0) return 'wait';
    return this.state === 'payload' ? 'payload' : 'lines';
  }

  /** Forgets the command at work, as a restart does. */
  reset(): void {
    this.settle();
    this.state = 'ready';
    this.scanner.reset();
  }

  /** Does something during which no command is begun, although the host answers at once. */
  exclusively(work: () => void): void {
    this.locks += 1;
    work();
    this.locks -= 1;
    this.scanner.proceed();
  }

  typed(bytes: Uint8Array, what: 'line' | 'payload'): void {
    const { settings, output } = this.module;
    if (!settings.echo || (what === 'payload' && !settings.dataEcho)) return;
    if (what === 'payload') output.hold('payload');
    output.echo(bytes.slice());
  }

  data(bytes: Uint8Array): number {
    return this.module.dataMode.take(bytes);
  }

  commandLine(line: string | undefined): void {
    if (line?.trim() === '') return;
    const { module } = this;
    module.emit({ kind: 'command', text: line ?? '' });
    module.misfortune();
    if (module.power !== 'on' || module.faults.strikes('lostCommand')) return;
    this.state = 'busy';
    const requests = line === undefined ? undefined : parseCommandLine(line);
    const refused = requests === undefined || (requests.length > 1 && !this.takesSeveral(requests));
    this.rest = refused ? [] : requests;
    const [first] = requests ?? [];
    const delay = module.timing.answer(first ?? UNREADABLE) + module.faults.lateness('lateAnswer');
    module.clock.after(delay, () => {
      if (refused) this.finish(refuse());
      else this.runNext();
    });
  }

  payload(bytes: Uint8Array | undefined): void {
    const { pending, current = UNREADABLE, module } = this;
    if (pending === undefined) return;
    this.limit.unsubscribe();
    this.pending = undefined;
    this.state = 'busy';
    if (bytes !== undefined) module.emit({ kind: 'payload', bytes });
    const delay = module.timing.payload(current) + module.faults.lateness('lateAnswer');
    module.clock.after(delay, () => {
      module.output.release('payload');
      if (bytes === undefined) this.finish(pending.cancelled ?? refuse());
      else this.await(pending.take(bytes));
    });
  }

  /** Basic commands may always share a line. */
  private takesSeveral(requests: readonly Request[]): boolean {
    return this.module.profile.severalCommands || requests.every(({ name }) => !/^[+*]/.test(name));
  }

  private runNext(): void {
    const request = this.rest.shift();
    if (request === undefined) return;
    this.current = request;
    const handler = this.behaviours.get(request.name)?.[request.form];
    this.await(handler === undefined ? refuse() : handler(request, this.module));
  }

  /** Waits for the reply, and not longer than the command may take. */
  private await(handled: Handled): void {
    const { clock } = this.module;
    let answered = false;
    const reply$ = isObservable(handled) ? handled : of(handled);
    const waiting = reply$.pipe(take(1)).subscribe({
      next: (reply) => {
        answered = true;
        this.limit.unsubscribe();
        this.answer(reply);
      },
      error: () => this.finish(refuse()),
    });
    clock.keep(waiting);
    if (answered) return;
    const { maxTime = MAX_TIME } = this.behaviours.get(this.current?.name ?? '') ?? {};
    this.limit = clock.later(maxTime, () => {
      waiting.unsubscribe();
      this.finish(refuse());
    });
  }

  private answer(reply: Reply): void {
    if ('prompt' in reply) {
      this.askForPayload(reply);
      return;
    }
    if (reply.result !== 'OK' || this.rest.length === 0) {
      this.finish(reply);
      return;
    }
    this.units.push(...reply.units);
    if (reply.afterwards !== undefined) this.afterwards.push(reply.afterwards);
    this.runNext();
  }

  private askForPayload(reply: PromptReply): void {
    const { module } = this;
    if (module.faults.strikes('stuckPrompt')) {
      this.settle();
      this.state = 'ready';
      this.scanner.proceed();
      return;
    }
    this.pending = reply;
    this.state = 'payload';
    this.scanner.expectPayload(reply.prompt);
    if (!module.faults.strikes('lostPrompt')) module.output.prompt();
    // Nothing says how an entry ends that is never completed (protocol 8): with the time of a send.
    this.limit = module.clock.later(module.settings.timeouts.send, () => {
      this.scanner.abandonPayload();
      module.output.release('payload');
      this.finish(refuse());
    });
    this.scanner.proceed();
  }

  private finish({ units, result, afterwards = () => {} }: FinalReply): void {
    const { output, faults } = this.module;
    const all = [...this.units, ...units];
    const behind = [...this.afterwards, afterwards];
    this.settle();
    if (!faults.strikes('lostAnswer')) {
      output.answer(all, result);
      if (faults.strikes('repeatedAnswer')) output.result(result);
    }
    this.exclusively(() => {
      this.state = 'ready';
      for (const act of behind) act();
    });
  }

  /** The command is over. */
  private settle(): void {
    this.limit.unsubscribe();
    this.limit = Subscription.EMPTY;
    this.units = [];
    this.afterwards = [];
    this.rest = [];
    this.current = undefined;
    this.pending = undefined;
  }
}

/** Stands for a line that is no command. */
const UNREADABLE: Request = { name: '', form: 'execute', values: [], quoted: [] };

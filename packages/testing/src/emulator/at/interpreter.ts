import { isObservable, of, Subscription, take } from 'rxjs';
import type { Module } from '../module.js';
import type { Behaviour } from './behaviour.js';
import type { PortReader } from './port.js';
import { type FinalReply, type PromptReply, type Reply, refuse, type Unit } from './reply.js';
import { parseCommandLine, type Request } from './request.js';
import { type ScanMode, Scanner, type ScannerTarget } from './scanner.js';

/** Longest time of an answer in ms, unless a behaviour has its own (protocol 4). */
const MAX_TIME = 9_000;

/** What a handler gave. */
type Handled = ReturnType<PromptReply['take']>;

/** What an {@link Interpreter} is made of. */
export interface InterpreterOptions {
  /** As the commands of its port see it. */
  readonly module: Module;
  readonly behaviours: readonly Behaviour[];
  /** Called for each command line before it is carried out. */
  commandArrived(): void;
}

/** Carries out command lines, one at a time, and gives each its final result. */
export class Interpreter implements ScannerTarget, PortReader {
  private readonly scanner: Scanner;
  private readonly module: Module;
  private readonly commandArrived: () => void;
  private readonly behaviours = new Map<string, Behaviour>();
  private state: 'ready' | 'busy' | 'payload' = 'ready';
  /** The command that is being carried out, and what is left of its line. */
  private current: Request | undefined;
  private rest: Request[] = [];
  private units: Unit[] = [];
  private afterwards: (() => void)[] = [];
  private pending: PromptReply | undefined;
  private limit = Subscription.EMPTY;
  /** The last command line, for `A/`. */
  private last: string | undefined;
  /** The line whose commands are being gone through in a loop. */
  private looping: Request[] | undefined;

  constructor({ module, behaviours, commandArrived }: InterpreterOptions) {
    this.module = module;
    this.commandArrived = commandArrived;
    for (const behaviour of behaviours) {
      const { command, family = module.profile.family } = behaviour;
      if (family === module.profile.family) this.behaviours.set(command.toUpperCase(), behaviour);
    }
    this.scanner = new Scanner(module.port.input, this, module.profile.commandBuffer + 'AT'.length);
  }

  get lineEnd(): number {
    return this.module.port.settings.registers[3];
  }

  get eraser(): number {
    return this.module.port.settings.registers[5];
  }

  /** Carries out the last line again; there is none after a start. */
  repeat(): void {
    this.commandLine(this.last ?? '');
  }

  get busy(): boolean {
    return this.state !== 'ready';
  }

  get scanMode(): ScanMode {
    const { port } = this.module;
    if (port.diversion !== undefined) return 'data';
    if (this.state === 'busy' || port.locked) return 'wait';
    return this.state === 'payload' ? 'payload' : 'lines';
  }

  /** Forgets the command at work, as a restart does. */
  reset(): void {
    this.settle();
    this.state = 'ready';
    this.last = undefined;
    this.scanner.reset();
  }

  proceed(): void {
    this.scanner.proceed();
  }

  typed(bytes: Uint8Array, what: 'line' | 'payload'): void {
    const { settings, port } = this.module;
    const { output } = port;
    const silent = what === 'payload' && !settings.dataEcho && this.pending?.prompt !== 'message';
    if (!port.settings.echo || silent) return;
    if (what === 'payload') output.hold('payload');
    output.echo(bytes);
  }

  data(bytes: Uint8Array): number {
    return this.module.port.diversion?.take(bytes) ?? 0;
  }

  commandLine(line: string | undefined): void {
    if (line?.trim() === '') return;
    if (line !== undefined) this.last = line;
    const { module } = this;
    module.emit({ kind: 'command', text: line ?? '' });
    this.commandArrived();
    if (module.power !== 'on' || module.faults.fires('lostCommand')) return;
    this.state = 'busy';
    const requests = parseCommandLine(line ?? '');
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
      module.port.output.release('payload');
      if (bytes === undefined) this.finish(pending.cancelled ?? refuse());
      else this.await(pending.take(bytes));
    });
  }

  /** Basic commands may always share a line. */
  private takesSeveral(requests: readonly Request[]): boolean {
    return this.module.profile.severalCommands || requests.every(({ name }) => !/^[+*]/.test(name));
  }

  /** Carries out the rest of the line, one command after another, until one has to be waited for. */
  private runNext(): void {
    const { rest, looping } = this;
    this.looping = rest;
    while (this.rest === rest && this.current === undefined) {
      const request = rest.shift();
      if (request === undefined) break;
      this.current = request;
      const behaviour = this.behaviours.get(request.name);
      if (behaviour === undefined) this.module.emit({ kind: 'unknown', command: request.name });
      const handler = behaviour?.[request.form];
      this.await(handler === undefined ? refuse() : handler(request, this.module));
    }
    this.looping = looping;
  }

  /** Waits for the reply, and not longer than the command may take. */
  private await(handled: Handled): void {
    const { clock } = this.module;
    let isOver = false;
    const reply$ = isObservable(handled) ? handled : of(handled);
    const waiting = reply$.pipe(take(1)).subscribe({
      next: (reply) => {
        isOver = true;
        this.limit.unsubscribe();
        this.answer(reply);
      },
      error: () => {
        isOver = true;
        this.finish(refuse());
      },
    });
    clock.keep(waiting);
    if (isOver) return;
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
    this.current = undefined;
    if (this.looping !== this.rest) this.runNext();
  }

  private askForPayload(reply: PromptReply): void {
    const { module } = this;
    if (module.faults.fires('stuckPrompt')) {
      this.settle();
      this.state = 'ready';
      module.port.commandOver();
      this.scanner.proceed();
      return;
    }
    this.pending = reply;
    this.state = 'payload';
    this.scanner.expectPayload(reply.prompt);
    if (!module.faults.fires('lostPrompt')) module.port.output.prompt(reply.asks);
    // Nothing says how an entry ends that is never completed (protocol 8): with the time of a send.
    this.limit = module.clock.later(reply.limit ?? module.settings.timeouts.send, () => {
      this.scanner.abandonPayload();
      module.port.output.release('payload');
      this.finish(refuse());
    });
    this.scanner.proceed();
  }

  private finish({ units, result, afterwards = () => {} }: FinalReply): void {
    const { port, faults } = this.module;
    const { output } = port;
    const all = [...this.units, ...units];
    const behind = [...this.afterwards, afterwards];
    this.settle();
    if (result === 'CONNECT') this.scanner.connected();
    if (!faults.fires('lostAnswer')) {
      output.answer(all, result);
      if (faults.fires('repeatedAnswer')) output.result(result);
    }
    port.exclusively(() => {
      this.state = 'ready';
      for (const act of behind) act();
      port.commandOver();
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

import { type AtEvent, createDecoder, type Decoder, type Dialect } from '@a7600/at-codec';
import type { ByteLink } from '@a7600/transport';
import type { SchedulerLike } from 'rxjs';
import type { FullTrace } from '../base/trace.js';
import { Lane } from '../lane/lane.js';
import { Router } from '../lane/router.js';
import { StrayPrompt } from '../lane/stray-prompt.js';
import { Line } from '../line/line.js';
import type { LineTarget } from '../line/line-options.js';
import type { LineUse } from '../line/tables.js';
import { isConnect } from './hints.js';

/** What a {@link ModulePort} calls. */
export interface ModulePortTarget extends LineTarget {
  /** Called with bytes before they are decoded. */
  arrived(chunk: Uint8Array): void;
  /** Called with everything that the module prints, before it is acted on. */
  received(event: AtEvent): void;
  /** Called with what no command claimed, before it is acted on. */
  unclaimed(event: AtEvent): void;
  /** A command has its final result. */
  answered(): void;
  /** The module does not answer. */
  silent(): void;
  /** Nothing comes any more: what the module has begun to print it will not complete. */
  stalled(): void;
  /** Something has gone wrong on the line. */
  count(what: 'unansweredCommands' | 'resynchronisations'): void;
  /** The module echoes, although it had stopped doing so. */
  echoed(): void;
  /** The link has ended; undefined when the other side closed it. */
  lost(error: Error | undefined): void;
}

/** What a {@link ModulePort} works with. */
export interface ModulePortOptions {
  readonly link: ByteLink;
  readonly use: LineUse;
  readonly scheduler: SchedulerLike;
  readonly dialect: Dialect;
  readonly trace: FullTrace | undefined;
  readonly joinedReads: number;
  readonly random: () => number;
  readonly flowControl: boolean;
  /** The lane of the port for commands; undefined on that port itself. */
  readonly asking: Lane | undefined;
  readonly sleepMode: () => number | undefined;
  readonly target: ModulePortTarget;
}

/** One port of the module in use: what is decoded there, its queue of commands, and what its line carries. */
export class ModulePort {
  readonly link: ByteLink;
  readonly router = new Router();
  readonly lane: Lane;
  readonly line: Line;
  private readonly target: ModulePortTarget;
  private readonly decoder: Decoder;
  private readonly strayPrompt: StrayPrompt;

  constructor(options: ModulePortOptions) {
    const { link, use, scheduler, trace, target } = options;
    this.link = link;
    this.target = target;
    const decoder = createDecoder(options.dialect, (event) => {
      if (trace !== undefined && !isSecret(event)) trace({ at: scheduler.now(), kind: 'received', event });
      this.receive(event);
    });
    const common = { port: link, decoder, scheduler, trace };
    this.lane = new Lane({
      ...common,
      joinedReads: options.joinedReads,
      line: {
        takesCommands: () => this.line.takesCommands,
        wanted: () => this.line.wanted(),
        connected: () => this.line.connected(),
        refused: (carrier) => this.line.refused(carrier),
        unanswered: () => this.line.unanswered(),
      },
      onSilent: () => target.silent(),
      onEcho: () => target.echoed(),
      onStalled: () => {
        decoder.lineMode();
        target.stalled();
      },
      onCount: (what) => target.count(what),
      sleepMode: options.sleepMode,
    });
    this.line = new Line({
      ...common,
      use,
      lane: this.lane,
      asking: options.asking ?? this.lane,
      random: options.random,
      flowControl: options.flowControl,
      target,
    });
    this.decoder = decoder;
    this.strayPrompt = new StrayPrompt(scheduler, () => this.lane.strayPrompt());
  }

  /** Begins to read. */
  listen(): void {
    const { target, lane, decoder, strayPrompt } = this;
    this.link.received$.subscribe({
      next: (chunk) => {
        target.arrived(chunk);
        lane.chunkBegins();
        decoder.push(chunk);
        lane.chunkEnds();
        strayPrompt.heard(chunk, decoder.incomplete);
      },
      error: (error: Error) => target.lost(error),
      complete: () => target.lost(undefined),
    });
  }

  /** Ends everything that is queued or in flight with `error`. */
  end(error: Error): void {
    this.strayPrompt.stop();
    this.lane.end(error);
  }

  /** Whether the last bytes that arrived are no whole frame yet. */
  get isMidFrame(): boolean {
    return this.decoder.incomplete > 0;
  }

  private receive(event: AtEvent): void {
    const { target, lane, line } = this;
    target.received(event);
    if (lane.offer(event)) {
      if (event.kind === 'result') target.answered();
      return;
    }
    target.unclaimed(event);
    if (event.kind === 'data') line.receive(event.raw);
    else if (isConnect(event)) line.connected();
    else this.router.route(event);
  }
}

/** What was sent and came back, and the access point as it is set: they would show what the trace hides. */
function isSecret(event: AtEvent): boolean {
  if ('name' in event && ['+CGDCONT', '+CGCONTRDP'].includes(event.name)) return true;
  return event.kind === 'echo' || event.kind === 'payload-echo';
}

/**
 * One opened port to a module, with lane, line, links and watch, and how a module is brought up.
 *
 * @module
 */

import { at, linkClosed, restarted } from '@a7600/at-codec';
import { type ByteLink, TransportError } from '@a7600/transport';
import {
  concat,
  defer,
  merge,
  type Observable,
  ReplaySubject,
  type SchedulerLike,
  Subject,
  Subscription,
  takeUntil,
  timer,
} from 'rxjs';
import { ModemError } from '../base/errors.js';
import { Lifetime } from '../base/lifetime.js';
import { type Noticing, noticing } from '../base/mistakes.js';
import { type FullTrace, onPort } from '../base/trace.js';
import { dataPortSilent, moduleMute, moduleSilent } from '../lane/failures.js';
import type { Lane } from '../lane/lane.js';
import type { Router } from '../lane/router.js';
import type { Line } from '../line/line.js';
import { lineChanges } from '../line/modem-signals.js';
import { TRANSPARENT_LINK } from '../line/online-commands.js';
import type { LineUse } from '../line/tables.js';
import { LinkTable } from '../links/link-table.js';
import { PayloadRouter } from '../links/payload-router.js';
import { Acknowledgements } from '../watch/acknowledgements.js';
import { BearerEvidence } from '../watch/bearer-evidence.js';
import type { Discrepancy } from '../watch/discrepancy.js';
import type { JointQuestion } from '../watch/joint-question.js';
import type { KeptSettings } from '../watch/kept-settings.js';
import { Counters } from '../watch/statistics.js';
import type { Meter } from '../watch/traffic.js';
import type { Belief, Watch } from '../watch/watch.js';
import { confirmBeliefs } from './beliefs.js';
import { Foreign } from './foreign.js';
import { isConnect, isHint } from './hints.js';
import { reportLinks } from './link-reports.js';
import type { ModemHistory } from './modem-history.js';
import { ModulePort } from './module-port.js';
import { ModuleSearch } from './module-search.js';
import { RIVAL } from './rivalry.js';
import type { OpenPorts, SessionOptions } from './session-options.js';
import { ShortMessages } from './short-messages.js';
import { UnaskedConnect } from './unasked-connect.js';

/** Time for the link to the module to take its last bytes and close. */
const LINK_CLOSE_TIMEOUT = 1_000;

/** One opened link to a module and all that is known about what runs over it. */
export class Session {
  readonly scheduler: SchedulerLike;
  readonly lifetime: Lifetime;
  /** The port for commands. */
  readonly control: ModulePort;
  /** The port that carries transparent connections: that for commands, where there is no other. */
  readonly data: ModulePort;
  readonly router: Router;
  readonly lane: Lane;
  readonly links: LinkTable;
  /** What begins data mode without a command. */
  readonly unaskedConnect: UnaskedConnect;
  readonly watch: Watch;
  /** `AT+CSCLK` as the module has it; undefined where it does not say. */
  sleepMode: number | undefined;
  /** A command of the user may have switched the echo on; until it is off again, an echo is no sign of a restart. */
  mayEcho = false;
  /** Settings that have to stay as they are. */
  readonly settings: KeptSettings;
  /** What is asked of each link that nothing was heard of. */
  readonly linkQuestions: JointQuestion;
  readonly counters: Counters;
  readonly meter: Meter;
  readonly history: ModemHistory;
  /** What tells whether data passes over the mobile network. */
  readonly bearer: BearerEvidence;
  /** What the peers of TCP connections have acknowledged. */
  readonly acknowledgements: Acknowledgements;
  /** Whether the module has to be kept from sleeping. */
  readonly keepsAwake: boolean;
  /** Reports writes that are never subscribed to. */
  readonly noticed: Noticing;
  /** Links and servers that the user opened by commands of their own. */
  readonly foreign = new Foreign();
  /** How the module prints short messages. */
  readonly messages = new ShortMessages();
  /** Whether what nothing here opened on the module may be closed. */
  readonly exclusive: boolean;
  /** Time in ms after which the module is asked for what nothing confirmed; false for never. */
  readonly confirmInterval: number | false;
  /** The network that was opened last. */
  network: Lifetime | undefined;
  /** What the port for data carries: commands, or the bytes of a transparent connection. */
  readonly line: Line;
  private readonly options: SessionOptions;
  private readonly end$ = new ReplaySubject<never>(0);
  private readonly found = new Subject<Discrepancy>();
  /** That the module answers. */
  private readonly answers: Belief;
  private closing: Observable<never> | undefined;
  private readonly search: ModuleSearch;
  private readonly payload: PayloadRouter;
  /** Changes of the modem lines. */
  private signals = Subscription.EMPTY;
  private isReady = false;
  private unaskedCount = 0;
  private isOver = false;

  /** What the module turned out to be that was not believed. Hot, no replay. */
  readonly discrepancies$ = this.found.asObservable();
  /** Errors when the session breaks, completes when it is closed; replays that. */
  readonly ended$: Observable<never> = this.end$.asObservable();

  constructor(ports: OpenPorts, options: SessionOptions) {
    const { scheduler, confirmInterval } = options;
    this.options = options;
    this.meter = options.meter;
    this.history = options.history;
    this.scheduler = scheduler;
    this.counters = new Counters((counter, total) =>
      options.trace?.({ at: scheduler.now(), kind: 'counted', counter, total }),
    );
    this.bearer = new BearerEvidence(() => scheduler.now(), this.history.bearer);
    this.acknowledgements = new Acknowledgements(this.bearer);
    this.lifetime = Lifetime.root(scheduler);
    const { trace } = options;
    if (ports.data === undefined) {
      this.control = this.openPort(ports.control, 'shared', trace);
      this.data = this.control;
    } else {
      this.control = this.openPort(ports.control, 'shared', onPort(trace, 'control'));
      this.data = this.openPort(ports.data, 'dedicated', onPort(trace, 'data'));
    }
    this.router = this.control.router;
    this.lane = this.control.lane;
    this.line = this.data.line;
    // Before the table, which forgets who had the link.
    this.router.on(linkClosed, ({ link, reason }) =>
      this.bearer.linkClosed(reason, this.links.get(link)?.info.remote?.host),
    );
    this.links = new LinkTable(this.lane, this.router, scheduler);
    this.unaskedConnect = new UnaskedConnect(this.router, this.links, scheduler);
    this.payload = new PayloadRouter(this.links, this.router, scheduler);
    this.noticed = noticing(options.onMistake);
    this.exclusive = options.exclusive;
    this.confirmInterval = confirmInterval;
    this.keepsAwake = options.exclusive && confirmInterval !== false;
    this.search = new ModuleSearch({
      ...{ link: this.control.link, lane: this.lane, scheduler },
      ...{ baudRates: options.baudRates, startTimeout: options.startTimeout },
      failed: (error) => this.break(error),
    });
    const beliefs = confirmBeliefs({
      ...{ scheduler, lane: this.lane, acknowledgements: this.acknowledgements },
      ...{ interval: confirmInterval, exclusive: options.exclusive },
      canAsk: () => this.control.line.takesCommands,
      onUnconfirmed: () => this.counters.count('unconfirmed'),
      onMute: () => this.break(moduleMute()),
      report: (discrepancy) => this.report(discrepancy),
    });
    this.watch = beliefs.watch;
    this.answers = beliefs.answers;
    this.settings = beliefs.settings;
    this.linkQuestions = beliefs.linkQuestions;
    this.messages.watch(this);
    reportLinks({
      ...{ links: this.links, watch: this.watch, foreign: this.foreign, exclusive: this.exclusive },
      mayEnd: () => this.mayEnd(),
      report: (discrepancy) => this.report(discrepancy),
    });
    for (const port of this.ports) port.listen();
    this.search.begin();
    if (this.data !== this.control) this.data.lane.start(options.startTimeout);
  }

  /**
   * Whether something that nothing here has opened may be ended. A program that opens it again each time was opened as
   * the only one too: the user is told, and it is left alone for pauses that grow.
   */
  mayEnd(): boolean {
    const { history, onMistake, scheduler } = this.options;
    const tell = (pause: number, isNews: boolean) => {
      this.report({ kind: 'another program', action: 'left alone', pause });
      if (isNews) onMistake?.(RIVAL);
    };
    return this.exclusive && history.rivalry.mayEnd(scheduler.now(), tell);
  }

  /** Takes one port of the module into use. */
  private openPort(link: ByteLink, use: LineUse, trace: FullTrace | undefined): ModulePort {
    const { options } = this;
    const { scheduler, dialect, joinedReads, random, flowControl } = options;
    const isControl = use === 'shared';
    const port: ModulePort = new ModulePort({
      ...{ link, use, scheduler, dialect, trace, joinedReads, random, flowControl },
      asking: isControl ? undefined : this.control.lane,
      sleepMode: () => this.sleepMode,
      target: {
        arrived: (chunk) => {
          if (isControl && !this.isReady) this.search.heard(chunk);
        },
        received: (event) => {
          // What the module reports on every port counts once.
          if (isControl || event.kind === 'data') this.meter.observe(event);
          if (isControl) this.counters.observe(event);
          this.bearer.observe(event);
        },
        answered: () => {
          if (isControl) this.answers.confirmed();
        },
        silent: () => (isControl ? this.silent() : this.break(dataPortSilent())),
        count: (what) => this.counters.count(what),
        stalled: () => {
          if (isControl) for (const handler of this.links.all()) handler.blockAbandoned?.();
        },
        unclaimed: (event) => {
          // Reports may come on every port, and are handled on one. A block comes once, also where it was sent elsewhere.
          if (!this.isReady || (!isControl && event.kind !== 'payload')) return;
          this.unaskedCount += 1;
          if (isConnect(event) && port.line.mode === 'command') this.unaskedConnect.heard();
          if (isHint(event)) this.watch.hint();
        },
        echoed: () => {
          if (!this.mayEcho) this.moduleRestarted();
        },
        closeLink: () =>
          use === 'shared' ? this.unaskedConnect.closeLink() : this.links.close(TRANSPARENT_LINK),
        endModem: (why) =>
          why === 'restarted' ? this.moduleRestarted() : this.break(moduleSilent(this.sleepMode)),
        leftDataMode: () => this.askAgain(),
        lost: (error) => this.break(error ?? this.linkClosed()),
      },
    });
    for (const urc of restarted) {
      port.router.on(urc, () => {
        // A block was asked for, or its sender told: where the line has lost its header, this is payload.
        if (this.payload.awaitsBlock || this.lane.awaitsBlock) this.watch.hint();
        // One of the last start may come again: a second line, or an echo, shows that the module has started.
        else if (this.isReady && port.lane.showsRestart) port.lane.run(at()).subscribe({ error: () => {} });
        else this.moduleRestarted();
      });
    }
    return port;
  }

  private linkClosed(): TransportError {
    return new TransportError(
      'TRANSPORT_LOST',
      `The other side closed the link to the module.${this.isReady ? '' : this.search.lastWords}`,
    );
  }

  /** How much the module has printed that is no answer: URCs, blocks of data, unknown lines, noise. */
  get unasked(): number {
    return this.unaskedCount;
  }

  /** Whether RTS/CTS hold bytes back on the line. */
  get flowControl(): boolean {
    return this.options.flowControl;
  }

  /** Whether the last bytes that arrived are no whole frame yet. */
  get isMidFrame(): boolean {
    return this.control.isMidFrame;
  }

  /** Nothing answers: goes on looking before the module was found, and ends the session afterwards. */
  private silent(): void {
    if (this.isReady) this.break(this.moduleSilent());
    else if (!this.search.goesOn()) this.break(this.search.failure(this.silenceExplained));
  }

  private moduleSilent(): ModemError {
    return moduleSilent(this.sleepMode, this.silenceExplained);
  }

  private get silenceExplained(): string {
    return this.history.restarts.explanation(this.scheduler.now());
  }

  /** From now on start-up lines mean that the module has lost its state. */
  ready(): void {
    this.isReady = true;
    const { scheduler, options } = this;
    if (options.confirmInterval === false) return;
    this.signals = lineChanges(this.control.link, options.flowControl, scheduler).subscribe(() =>
      this.watch.hint(),
    );
  }

  /**
   * Ends the session with `error`: everything in flight and every socket fails with it. The link is
   * released first, so that a caller that retries at one of these errors finds the port free.
   */
  break(error: Error): void {
    if (this.isOver) return;
    this.isOver = true;
    this.stopWatching();
    this.options.releaseLink();
    this.endPorts(error);
    this.end$.error(error);
  }

  /**
   * Releases what is open, in order, then the link; not longer than the close timeout. Completes
   * when that is done; asked again, it joins.
   */
  close(): Observable<never> {
    if (this.closing !== undefined) return this.closing;
    const closed$ = new ReplaySubject<never>(0);
    this.closing = closed$;
    const { closeTimeout, scheduler } = this.options;
    const released$ = this.lifetime.release().pipe(takeUntil(timer(closeTimeout, scheduler)));
    concat(
      released$,
      defer(() => this.drop()),
    ).subscribe({ error: () => closed$.complete(), complete: () => closed$.complete() });
    closed$.subscribe({ complete: () => this.end$.complete() });
    return closed$;
  }

  /** Closes the link at once; what is open on the module stays as it is. */
  abort(): Observable<never> {
    return concat(this.drop(), this.close());
  }

  private drop(): Observable<never> {
    const error = new ModemError('CLOSED', 'The modem was closed.');
    const { scheduler } = this.options;
    this.isOver = true;
    this.stopWatching();
    this.endPorts(error);
    const closes$ = [...this.ports].map(({ link }) => link.close());
    return merge(...closes$).pipe(takeUntil(timer(LINK_CLOSE_TIMEOUT, scheduler)));
  }

  /** The ports of the module that are in use. */
  get ports(): ReadonlySet<ModulePort> {
    return new Set([this.control, this.data]);
  }

  private endPorts(error: Error): void {
    for (const port of this.ports) port.end(error);
    this.links.loseAll(error);
    for (const { line } of this.ports) line.end();
  }

  private stopWatching(): void {
    this.watch.stop();
    this.signals.unsubscribe();
  }

  /** Tells what was found, and what was done about it. */
  report(discrepancy: Discrepancy): void {
    this.found.next(discrepancy);
  }

  /** Reports about other links may have been lost in data mode: asks for what they would have told. */
  private askAgain(): void {
    if (!this.links.isShared) return;
    this.links.confirm().subscribe({ error: () => {} });
    for (const handler of this.links.all()) handler.dataWaiting?.();
  }

  private moduleRestarted(): void {
    if (!this.isReady) return;
    const { scheduler, history } = this;
    history.restarts.note(scheduler.now());
    this.break(history.restarts.error(scheduler.now()));
  }
}

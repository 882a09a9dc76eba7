import assert from 'node:assert/strict';
import { type EmulatorControl, type FaultKind, type FaultScript, faultsOf } from '@a7600/testing';
import { type LinkEnd, pump } from '@a7600/transport';
import fc from 'fast-check';
import { catchError, EMPTY, mergeMap, switchMap, tap } from 'rxjs';
import type { FullTraceEntry } from '../../src/base/trace.js';
import { keepOnline } from '../../src/recovery/keep-online.js';
import { bytesOf, type Observed, observe, textOf, type World } from '../world.js';
import { ABSENCES, type Absence } from './absences.js';
import { portsOf, worldOf } from './program.js';
import { PORTS, type Script } from './script.js';
import { unhandledErrorsAtOnce } from './unhandled.js';

const SERVER_PORT = 7;
const INTERVAL = 60_000;
const QUARTER = 900_000;
/** Two intervals to notice, the silence of a dead module, a restart, and the pauses of a program that was unlucky. */
const TIME_TO_MEND = 600_000;
/** What it takes to leave data mode, and to ask. */
const TIME_TO_ASK = 5_000;
/** How long a cause lasts that goes away by itself. */
const LONGEST = 300_000;

/** Every line but those that begin a pushed block. */
const NOT_PUSHED: FaultScript = { line: /^(?!\+RECEIVE|\+IPD|RECV FROM)/ };

/**
 * A block that lost exactly two bytes takes the CR LF after it for payload. That is seen once three results have shown
 * that the module prints an empty line after a block. Another program may have data pushed.
 */
function afterLayout(kind: FaultKind): FaultScript {
  return kind === 'shortBlock' ? { skip: 3 } : NOT_PUSHED;
}

/** The damage after which a line does not say what it said. */
const HIDING: ReadonlySet<FaultKind> = new Set(['lostLine', 'damagedLine', 'wrongLink', 'misroutedReport']);

/**
 * The damage of which a program can be told. What is pushed has no number and no end of its own: a block without its
 * header, with another length, or in another place cannot be seen, nor one that is too short where a line as long
 * follows. In data mode, a line of the module that is damaged, or said twice, is data like any other.
 */
const SEEN: Readonly<Record<SilentScript['receive'], (kind: FaultKind) => FaultScript | undefined>> = {
  buffer: afterLayout,
  hex: afterLayout,
  push: (kind) => (['swappedFrames', 'shortBlock'].includes(kind) ? undefined : NOT_PUSHED),
  transparent: (kind) => {
    if (['shortBlock', 'repeatedLine', 'repeatedReport', 'swappedFrames'].includes(kind)) return undefined;
    return kind === 'damagedLine'
      ? { line: /^(?!OK|CONNECT|CLOSED|\*ATREADY|\+CPIN|RDY|START|SMS|PB|QCRDY)/ }
      : {};
  },
};

/**
 * What a module is sent that has to be found again, at the end of the data. When the port is lost in data mode and comes
 * back, the module still is in it, and the peer gets that.
 */
const SEARCH = /(AT\r|ATE0|\+\+\+|[\xf9\xef\xc3\xf2\r]|\p{Cc})+$/u;

/** What a client gets that has the link of another one whose payload the module still waits for. */
const PADDING = /^ +$/;

/** What happens to a module without a word, while a program echoes what its clients send. */
export interface SilentScript extends Pick<Script, 'ports'> {
  /** How the program gets what its clients send. */
  readonly receive: 'buffer' | 'hex' | 'push' | 'transparent';
  readonly seed: number;
  readonly steps: readonly SilentStep[];
}

export type SilentStep =
  | { readonly does: 'absence'; readonly kind: Absence; readonly ms: number }
  | { readonly does: 'damage'; readonly kind: FaultKind }
  | { readonly does: 'call' | 'hang up' }
  | { readonly does: 'send'; readonly size: number }
  | { readonly does: 'wait'; readonly ms: number };

const step: fc.Arbitrary<SilentStep> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('absence' as const),
      kind: fc.constantFrom(...(Object.keys(ABSENCES) as Absence[])),
      ms: fc.integer({ min: 1_000, max: LONGEST }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('damage' as const),
      kind: fc.constantFrom<FaultKind>(...faultsOf('damage'), 'lostPrompt'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ does: fc.constantFrom('call' as const, 'hang up' as const) }) },
  {
    weight: 5,
    arbitrary: fc.record({ does: fc.constant('send' as const), size: fc.integer({ min: 1, max: 4_000 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('wait' as const),
      ms: fc.oneof(fc.nat(50), fc.nat(5_000), fc.nat(4 * INTERVAL)),
    }),
  },
);

export function silentScript(): fc.Arbitrary<SilentScript> {
  return fc.record({
    receive: fc.constantFrom('buffer', 'hex', 'push', 'transparent'),
    ports: fc.constantFrom(...PORTS),
    seed: fc.nat(10_000),
    steps: fc.array(step, { maxLength: 20, size: 'max' }),
  });
}

/**
 * Plays a script. Whatever happens, the program lives; within a bounded time after the last cause it serves again;
 * the power is cut at most once in 15 minutes, then less often; an idle modem asks something in each interval, in four
 * command lines at most; no client and no socket gets what was not sent to it.
 */
export function playSilent(script: SilentScript): void {
  unhandledErrorsAtOnce(() => new Play(script).play());
}

/** A client of the echo server. */
interface Client {
  sent: string;
  readonly received: Observed<Uint8Array>;
  send(text: string): void;
  hangUp(): void;
}

class Play {
  private readonly script: SilentScript;
  private readonly w: World;
  private readonly control: EmulatorControl;
  private readonly life: Observed<unknown>;
  private readonly commands: string[] = [];
  /** Commands on whose way the module accepted a client: that client gets them, which no host can know in time. */
  private readonly crossed = new Set<string>();
  private commandAt = 0;
  private readonly powered: number[] = [];
  private readonly clients: Client[] = [];
  /** What the sockets of the program received, with their peers. */
  private readonly taken: { readonly received: Observed<Uint8Array>; readonly ends: Observed<LinkEnd> }[] =
    [];
  private isDamaged = false;
  /** When a fault was armed last that hides a line. */
  private hiddenAt = Number.NEGATIVE_INFINITY;
  private counter = 0;

  constructor(script: SilentScript) {
    this.script = script;
    const { seed, ports = 'one', receive } = script;
    // A module in command mode and a program that sends everything back answer each other: that has to take time.
    const timing = receive === 'transparent' ? 'recorded' : 'instant';
    this.w = worldOf({ timing, seed, rates: {}, ports }, {}, { whenClosed: 'goes on' });
    const { module, scheduler } = this.w;
    this.control = module.control;
    this.life = observe(
      keepOnline(ports === 'one' ? module : portsOf(ports, module, scheduler), {
        modem: {
          scheduler: this.w.scheduler,
          fullTrace: (entry) => this.note(entry),
        },
        network: receive === 'transparent' ? { transparent: true } : { receive },
        power: () => {
          this.powered.push(this.w.scheduler.now());
          this.control.powerOff();
          this.control.powerOn();
          return [];
        },
      }).pipe(
        switchMap((network) =>
          receive === 'transparent'
            ? network.transparent({ listen: SERVER_PORT })
            : network.listen({ port: SERVER_PORT }),
        ),
        tap((socket) =>
          this.taken.push({ received: observe(socket.received$), ends: observe(socket.ended$) }),
        ),
        mergeMap((socket) => pump(socket, socket).pipe(catchError(() => EMPTY))),
      ),
    );
    this.w.advance(5_000);
  }

  play(): void {
    for (const next of this.script.steps) {
      this.step(next);
      this.check();
    }
    this.control.faults.clear();
    this.w.advance(LONGEST + TIME_TO_MEND);
    // A module that has died more than once waits for the next power cycle, whose pause doubles.
    if (this.control.openServers === 0) this.w.advance(QUARTER * 2 ** Math.min(4, this.powered.length));
    this.check();
    this.checkServing();
    this.checkIdle();
    this.checkPower();
    this.life.unsubscribe();
    this.w.advance(60_000);
    assert.deepEqual(this.w.scheduler.actions, [], 'something is still scheduled');
  }

  private note(entry: FullTraceEntry): void {
    if (entry.kind === 'command') {
      this.commands.push(entry.text);
      this.commandAt = entry.at;
    }
    const isConnect =
      entry.kind === 'received' && entry.event.kind === 'result' && entry.event.text.startsWith('CONNECT');
    const last = this.commands.at(-1);
    if (isConnect && last !== undefined && entry.at === this.commandAt) this.crossed.add(`${last}\r`);
  }

  private step(next: SilentStep): void {
    this.letAsk(next);
    switch (next.does) {
      case 'absence':
        // A transparent connection begins and ends with reports: late ones are data.
        if (this.script.receive !== 'transparent' || next.kind !== 'reports come late')
          ABSENCES[next.kind](this.w, next.ms);
        break;
      case 'damage':
        this.damage(next.kind);
        break;
      case 'call':
        this.makeRoom();
        this.call();
        break;
      case 'send':
        this.clients.at(-1)?.send(`${this.counter++}:`.repeat(next.size).slice(0, next.size));
        break;
      case 'hang up':
        this.clients.at(-1)?.hangUp();
        break;
      case 'wait':
        this.w.advance(next.ms);
    }
  }

  /**
   * Where a client follows one whose end was lost, and its own connection ends before the module could be asked, its
   * report looks like what the one before has sent.
   */
  private letAsk(next: SilentStep): void {
    // A call makes room for itself.
    const ends =
      next.does === 'hang up' ||
      next.does === 'call' ||
      (next.does === 'absence' && ['the network is closed', 'the server is stopped'].includes(next.kind));
    if (ends && this.isDamaged && this.script.receive === 'transparent') this.w.advance(TIME_TO_ASK);
  }

  private damage(kind: FaultKind): void {
    const { receive } = this.script;
    const script = SEEN[receive](kind);
    // Nothing but a few lines stands between two connections in data mode: of two that are lost, no sign is left.
    const isOne = receive !== 'transparent' || !this.isDamaged;
    if (script === undefined || !isOne || this.hidesTooMuch(kind)) return;
    this.isDamaged = true;
    this.control.faults.next(kind, script);
  }

  /**
   * Where the end of a client and the report of the next one on its link are hidden before the module could be asked,
   * no sign is left.
   */
  private hidesTooMuch(kind: FaultKind): boolean {
    if (!HIDING.has(kind)) return false;
    const now = this.w.scheduler.now();
    const isSoon = now < this.hiddenAt + 2 * INTERVAL;
    if (!isSoon) this.hiddenAt = now;
    return isSoon;
  }

  /** A transparent server has one client at a time. */
  private makeRoom(): void {
    if (this.script.receive !== 'transparent') return;
    this.clients.at(-1)?.hangUp();
    this.w.advance(10_000);
  }

  private call(): Client | undefined {
    const opened = observe(
      this.control.callIn(SERVER_PORT, { host: '10.0.0.1', port: 50_000 + this.clients.length }),
    );
    const [end] = opened.values;
    if (end === undefined) return undefined;
    const client: Client = {
      sent: '',
      received: observe(end.received$),
      send(text) {
        client.sent += text;
        observe(end.write(bytesOf(text)));
      },
      hangUp: () => void observe(end.close()),
    };
    this.clients.push(client);
    return client;
  }

  /** The port was lost, perhaps while the module was in data mode. */
  private get wasLostInData(): boolean {
    const { receive, steps } = this.script;
    const lost = steps.some((each) => each.does === 'absence' && each.kind.startsWith('the port'));
    return receive === 'transparent' && lost;
  }

  private check(): void {
    assert.equal(this.life.end, 'open', 'the program has ended');
    for (const client of this.clients) {
      const { sent } = client;
      const own = this.answered(client);
      assert.ok(sent.startsWith(own), `a client got what it had not sent: ${JSON.stringify(own.slice(-40))}`);
    }
    for (const { received } of this.taken) {
      const text = textOf(received.values);
      assert.ok(
        this.clients.some(({ sent }) => sent.startsWith(text)),
        `a socket received what no client had sent: ${JSON.stringify(text.slice(0, 40))}`,
      );
    }
  }

  /** What a client got back, without what no host can know in time. */
  private answered({ received }: Client): string {
    const text = textOf(received.values);
    const said = this.wasLostInData ? text.replace(SEARCH, '') : text;
    const first = said.slice(0, said.indexOf('\r') + 1);
    if (this.crossed.has(first)) return said.slice(first.length);
    return this.hasMisdelivered ? said.replace(PADDING, '') : said;
  }

  /** A client got padding in place of what was on its way to the one before, and was closed for it. */
  private get hasMisdelivered(): boolean {
    return this.taken.some(
      ({ ends: { values } }) =>
        values[0]?.by === 'lost' && values[0].error.message.includes('had its link before'),
    );
  }

  private checkServing(): void {
    this.makeRoom();
    const client = this.call();
    assert.ok(client !== undefined, 'the module does not listen');
    client.send('are you there');
    this.w.advance(10_000);
    assert.equal(this.answered(client), 'are you there', 'the server does not answer');
    client.hangUp();
    this.w.advance(10_000);
  }

  private checkIdle(): void {
    this.w.advance(2 * INTERVAL);
    for (let interval = 0; interval < 4; interval++) {
      const from = this.commands.length;
      this.w.advance(INTERVAL);
      const sent = this.commands.slice(from);
      assert.ok(sent.length >= 1 && sent.length <= 4, `an idle modem was sent ${sent.join(' ')}`);
    }
  }

  private checkPower(): void {
    for (const [index, at] of this.powered.entries()) {
      const before = this.powered[index - 1];
      assert.ok(before === undefined || at - before >= QUARTER, 'the power was cut again too soon');
    }
  }
}

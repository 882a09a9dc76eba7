import assert from 'node:assert/strict';
import { type EmulatorControl, type FaultKind, faultsOf } from '@a7600/testing';
import { pump } from '@a7600/transport';
import fc from 'fast-check';
import { catchError, EMPTY, mergeMap, switchMap, tap } from 'rxjs';
import { keepOnline } from '../../src/recovery/keep-online.js';
import type { TcpSocket } from '../../src/sockets/tcp-socket.js';
import { bytesOf, type Observed, observe, textOf, type World, world } from '../world.js';
import { unhandledErrorsAtOnce } from './unhandled.js';

const SERVER_PORT = 7;
const INTERVAL = 60_000;
const QUARTER = 900_000;
/** Two intervals to notice, the silence of a dead module, a restart, and the pauses of a program that was unlucky. */
const TIME_TO_MEND = 600_000;
/** How long a cause lasts that goes away by itself. */
const LONGEST = 300_000;

/** What happens to a module without a word, while a program echoes what its clients send. */
export interface SilentScript {
  readonly receive: 'buffer' | 'hex';
  readonly seed: number;
  readonly steps: readonly SilentStep[];
}

export type SilentStep =
  | { readonly does: 'absence'; readonly kind: Absence; readonly ms: number }
  | { readonly does: 'damage'; readonly kind: FaultKind }
  | { readonly does: 'call' | 'hang up' }
  | { readonly does: 'send'; readonly size: number }
  | { readonly does: 'wait'; readonly ms: number };

type Happening = (w: World, ms: number) => void;

const otherProgram =
  (line: string): Happening =>
  ({ module: { control } }) =>
    control.otherProgram(line);

/** What goes away, or changes, and no line says so. */
const ABSENCES = {
  'the module dies': ({ module: { control } }) => control.powerOff(),
  'the module restarts': ({ module: { control } }) => control.restart({ silently: true }),
  'the module restarts again and again': ({ module: { control }, scheduler }, ms) => {
    scheduler.schedule(control.restartRepeatedly(), ms);
  },
  'the network is lost': ({ module: { control } }) => control.loseNetwork(),
  'nothing passes': ({ module: { control } }, ms) => control.stallBearer(ms),
  'the port comes back under another name': ({ module: { control }, scheduler }, ms) => {
    control.losePort();
    scheduler.schedule(() => control.plug(), ms);
  },
  'the server is stopped': otherProgram('AT+SERVERSTOP=0'),
  'the network is closed': otherProgram('AT+NETCLOSE'),
  'data is pushed': otherProgram('AT+CIPRXGET=0'),
  'the module may sleep': otherProgram('AT+CSCLK=1'),
  'the sockets are set': otherProgram('AT+CIPCCFG=3,0,0,0,0,0,900'),
  'the mode is set': otherProgram('AT+CIPMODE=1'),
} satisfies Record<string, Happening>;
type Absence = keyof typeof ABSENCES;

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
      kind: fc.constantFrom(...faultsOf('damage')),
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
    receive: fc.constantFrom('buffer', 'hex'),
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
  private readonly powered: number[] = [];
  private readonly clients: Client[] = [];
  /** What the sockets of the program received, with their peers. */
  private readonly taken: { readonly socket: TcpSocket; readonly received: Observed<Uint8Array> }[] = [];
  private counter = 0;

  constructor(script: SilentScript) {
    this.script = script;
    this.w = world({ whenClosed: 'goes on', faults: { seed: script.seed } });
    this.control = this.w.module.control;
    this.life = observe(
      keepOnline(this.w.module, {
        modem: {
          scheduler: this.w.scheduler,
          fullTrace: (entry) => {
            if (entry.kind === 'command') this.commands.push(entry.text);
          },
        },
        network: { receive: script.receive },
        power: () => {
          this.powered.push(this.w.scheduler.now());
          this.control.powerOff();
          this.control.powerOn();
          return [];
        },
      }).pipe(
        switchMap((network) => network.listen({ port: SERVER_PORT })),
        tap((socket) => this.taken.push({ socket, received: observe(socket.received$) })),
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
    this.check();
    this.checkServing();
    this.checkIdle();
    this.checkPower();
    this.life.unsubscribe();
    this.w.advance(60_000);
    assert.deepEqual(this.w.scheduler.actions, [], 'something is still scheduled');
  }

  private step(next: SilentStep): void {
    switch (next.does) {
      case 'absence':
        ABSENCES[next.kind](this.w, next.ms);
        break;
      case 'damage':
        this.control.faults.next(next.kind);
        break;
      case 'call':
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

  private call(): Client | undefined {
    const opened = observe(this.control.callIn(SERVER_PORT));
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

  private check(): void {
    assert.equal(this.life.end, 'open', 'the program has ended');
    for (const { sent, received } of this.clients)
      assert.ok(sent.startsWith(textOf(received.values)), 'a client got what it had not sent');
    for (const { received } of this.taken) {
      const text = textOf(received.values);
      assert.ok(
        this.clients.some(({ sent }) => sent.startsWith(text)),
        'a socket received what no client had sent',
      );
    }
  }

  private checkServing(): void {
    const client = this.call();
    assert.ok(client !== undefined, 'the module does not listen');
    client.send('are you there');
    this.w.advance(10_000);
    assert.equal(textOf(client.received.values), 'are you there', 'the server does not answer');
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

import assert from 'node:assert/strict';
import type { MemoryConnection } from '@a7600/testing';
import fc from 'fast-check';
import { type Observable, switchMap, tap } from 'rxjs';
import { modem } from '../../src/modem/open-modem.js';
import type { Network } from '../../src/network/network.js';
import type { TransparentSession } from '../../src/transparent/transparent-session.js';
import { bytesOf, type Observed, observe, serialPort, textOf, type World } from '../world.js';
import { FAR, FIRST_PORT, stayOnline, TIME_TO_SETTLE, TRIES, worldOf } from './program.js';
import { damage, PORTS, type Script } from './script.js';
import { unhandledErrorsAtOnce } from './unhandled.js';

const SERVER_PORT = 7;

/** What a program does with transparent sessions on a line that damages bytes, one after the other. */
export interface TransparentScript extends Pick<Script, 'timing' | 'seed' | 'rates' | 'ports'> {
  readonly steps: readonly TransparentStep[];
}

type TransparentStep =
  | {
      readonly does:
        | 'dial'
        | 'listen'
        | 'call in'
        | 'enterCommandMode'
        | 'enterDataMode'
        | 'close'
        | 'drop'
        | 'hang up';
    }
  | { readonly does: 'write'; readonly size: number }
  | { readonly does: 'wait' | 'lose bearer'; readonly ms: number };

const step: fc.Arbitrary<TransparentStep> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constantFrom(
        'dial' as const,
        'listen' as const,
        'call in' as const,
        'enterCommandMode' as const,
        'enterDataMode' as const,
        'close' as const,
        'drop' as const,
        'hang up' as const,
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ does: fc.constant('write' as const), size: fc.integer({ min: 1, max: 3_000 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('wait' as const),
      ms: fc.oneof(fc.nat(20), fc.nat(5_000), fc.nat(60_000)),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('lose bearer' as const), ms: fc.nat(30_000) }) },
);

export function transparentScript(): fc.Arbitrary<TransparentScript> {
  return fc.record({
    timing: fc.constantFrom('instant', 'recorded'),
    seed: fc.nat(10_000),
    rates: damage,
    ports: fc.constantFrom(...PORTS),
    steps: fc.array(step, { maxLength: 25, size: 'max' }),
  });
}

/**
 * Plays a script. Nothing may be thrown, everything has to end, and what is opened when the line is
 * sound again has to work: another session, and a modem that is opened again.
 */
export function playTransparent(script: TransparentScript): void {
  unhandledErrorsAtOnce(() => new Play(script).play());
}

class Play {
  private readonly script: TransparentScript;
  private readonly w: World;
  private readonly networks: Observed<Network>;
  private network: Network | undefined;
  private current: Observed<TransparentSession> | undefined;
  private readonly hangUps: (() => void)[] = [];
  private port = FIRST_PORT;

  constructor(script: TransparentScript) {
    this.script = script;
    this.w = worldOf(script);
    this.networks = stayOnline(this.w, { transparent: true }, (network) => {
      this.network = network;
    });
    this.w.advance(1_000);
  }

  play(): void {
    for (const step of this.script.steps) this.step(step);
    this.w.module.control.faults.clear();
    this.w.advance(TIME_TO_SETTLE);
    this.current?.unsubscribe();
    this.w.advance(TIME_TO_SETTLE);
    const talks = Array.from({ length: TRIES }, () => this.talk((port) => this.dial(port)));
    assert.equal(talks.at(-1), 'ping', 'a session that was opened again does not work');
    this.checkReleased();
    const network$ = modem(serialPort(this.w.module), { scheduler: this.w.scheduler }).pipe(
      switchMap((opened) => opened.network()),
    );
    const open = (port: number) =>
      network$.pipe(switchMap((network) => network.connect({ host: FAR, port })));
    assert.equal(this.talk(open), 'ping', 'a modem that was opened again does not work');
    assert.deepEqual(this.w.scheduler.actions, [], 'something is still scheduled');
  }

  private step(step: TransparentStep): void {
    const session = this.current?.values.at(-1);
    switch (step.does) {
      case 'dial':
        this.open(this.dial(this.serve()));
        break;
      case 'listen':
        this.open(this.network?.transparent({ listen: SERVER_PORT }));
        break;
      case 'call in':
        this.w.outside.callIn(SERVER_PORT).subscribe({ next: (end) => this.meet(end), error: () => {} });
        break;
      case 'write':
        if (session !== undefined) observe(session.write(new Uint8Array(step.size).fill(step.size)));
        break;
      case 'enterCommandMode':
      case 'enterDataMode':
      case 'close':
        if (session !== undefined) observe(session[step.does]());
        break;
      case 'drop':
        this.current?.unsubscribe();
        break;
      case 'hang up':
        this.hangUps.pop()?.();
        break;
      case 'wait':
        this.w.advance(step.ms);
        break;
      case 'lose bearer':
        this.w.module.control.loseBearer(step.ms);
        break;
    }
  }

  private dial(port: number): Observable<TransparentSession> | undefined {
    return this.network?.transparent({ host: FAR, port });
  }

  private open(session$: Observable<TransparentSession> | undefined): void {
    if (session$ === undefined) return;
    this.current?.unsubscribe();
    this.current = observe(session$.pipe(tap((session) => observe(session.received$))));
  }

  /** A far server that sends back what it gets; its port. */
  private serve(): number {
    const port = this.port++;
    this.w.outside.serve(FAR, port).subscribe((end) => this.meet(end));
    return port;
  }

  /** The far end of a connection: it sends back what it gets. */
  private meet(end: MemoryConnection): void {
    end.received$.subscribe({ next: (bytes) => observe(end.write(bytes)), error: () => {} });
    this.hangUps.push(() => observe(end.close()));
  }

  /** What comes back of a word on a connection that is opened for it and closed again. */
  private talk(
    open: (port: number) => Observable<Pick<TransparentSession, 'received$' | 'write'>> | undefined,
  ) {
    let heard = '';
    const connection = open(this.serve())?.subscribe({
      next: (link) => {
        link.received$.subscribe({ next: (bytes) => (heard += textOf([bytes])), error: () => {} });
        observe(link.write(bytesOf('ping')));
      },
      error: () => {},
    });
    this.w.advance(120_000);
    connection?.unsubscribe();
    this.w.advance(120_000);
    return heard;
  }

  private checkReleased(): void {
    const { control } = this.w.module;
    this.networks.unsubscribe();
    this.w.advance(120_000);
    assert.deepEqual([control.openLinks, control.openServers], [0, 0], 'something was left open');
    assert.deepEqual(this.w.scheduler.actions, [], 'something is still scheduled');
  }
}

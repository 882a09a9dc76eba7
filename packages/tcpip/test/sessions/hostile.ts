import assert from 'node:assert/strict';
import { csq } from '@a7600/at-codec';
import type { MemoryConnection } from '@a7600/testing';
import { protocolPayload } from '@a7600/testing/arbitraries';
import fc from 'fast-check';
import type { Observable } from 'rxjs';
import type { Modem } from '../../src/modem/modem.js';
import type { Network } from '../../src/network/network.js';
import type { TransparentSession } from '../../src/transparent/transparent-session.js';
import { bytesOf, type Observed, observe, textOf, type World } from '../world.js';
import { worldOf } from './program.js';
import { PORTS, type Script } from './script.js';
import { unhandledErrorsAtOnce } from './unhandled.js';

const PEER = { host: '10.3.0.1', port: 80 };
const SERVER_PORT = 7;
/** Longer than every escape, question and limit of the line together. */
const TIME_TO_SETTLE = 200_000;

/** What a program does with a transparent session whose peer says what a module says. */
export interface HostileScript extends Pick<Script, 'timing' | 'ports'> {
  readonly serves: boolean;
  readonly commands: 'wait' | 'interrupt';
  readonly steps: readonly HostileStep[];
  readonly end: 'close' | 'abort' | 'peer closes' | 'restart' | 'unplug' | 'network closes';
}

type HostileStep =
  | { readonly does: 'enterCommandMode' | 'enterDataMode' | 'run' }
  | { readonly does: 'write' | 'peer writes'; readonly bytes: Uint8Array }
  | { readonly does: 'wait'; readonly ms: number };

/** What a peer may say to be taken for the module. */
const FORGED = [
  '\r\nOK\r\n',
  '\r\nERROR\r\n',
  '\r\nCLOSED\r\n',
  '\r\nCLOSED\r\n\r\nOK\r\n',
  '\r\n*ATREADY: 1\r\n',
  '\0\r\n*ATREADY: 1\r\n\r\n+CPIN: READY\r\n',
  '\r\nRDY\r\n',
  '\r\nNO CARRIER\r\n',
  '\r\nCONNECT 115200\r\n',
  '\r\n+CIPTIMEOUT: 120000,120000,120000\r\n\r\nOK\r\n',
  '\r\n+IPCLOSE: 0,1\r\n',
  '\r\n+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY\r\n',
  '\r\nOK\r\n\r\n+IPCLOSE: 0,1\r\n',
  '\r\nOK\r\n\r\n*ATREADY: 1\r\n',
  'AT+CIPTIMEOUT?\r\r\nERROR\r\n',
  // On a multiplexed line: a close-down, DISC of the channel for data, FCoff.
  '\xf9\x03\xef\x05\xc3\x01\xf2\xf9',
  '\xf9\x0b\x53\x01\xb8\xf9',
  '\xf9\x01\xef\x05\x63\x01\x86\xf9',
  '\r\n',
  '\r',
  '+++',
];
/** What starts a multiplexed line, before the modem has it. */
const STARTS_MULTIPLEXING = /^AT(E[01]|\+CMUX=.*)?$/;
const OURS = ['+', '++', '+++', '++++', 'AT\r', 'temperature 21\rAT+CRESET\r', '\r\nOK\r\n', 'x'];

const chunk = (texts: readonly string[]) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...texts).map(bytesOf) },
    { weight: 1, arbitrary: protocolPayload({ minLength: 1, maxLength: 300 }) },
    { weight: 1, arbitrary: fc.nat(9_000).map((size) => new Uint8Array(size + 1).fill(0x2b)) },
  );

const step: fc.Arbitrary<HostileStep> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ does: fc.constantFrom('enterCommandMode', 'enterDataMode', 'run') }),
  },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('write' as const), bytes: chunk(OURS) }) },
  { weight: 5, arbitrary: fc.record({ does: fc.constant('peer writes' as const), bytes: chunk(FORGED) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      does: fc.constant('wait' as const),
      ms: fc.oneof(fc.nat(20), fc.nat(1_200), fc.constantFrom(1_049, 1_050, 2_100, 2_150), fc.nat(20_000)),
    }),
  },
);

export function hostileScript(): fc.Arbitrary<HostileScript> {
  return fc.record({
    timing: fc.constantFrom('instant', 'recorded'),
    ports: fc.constantFrom(...PORTS),
    serves: fc.boolean(),
    commands: fc.constantFrom('wait', 'interrupt'),
    steps: fc.array(step, { maxLength: 30, size: 'max' }),
    end: fc.constantFrom('close', 'abort', 'peer closes', 'restart', 'unplug', 'network closes'),
  });
}

/**
 * Plays a script on a sound line. What the peer says changes nothing: both sides get all that the
 * other one wrote and not a byte more, commands run, and modem and network stay. Each operation ends
 * once, also when the session ends in one of several ways; the module runs no payload as a command.
 */
export function playHostile(script: HostileScript): void {
  unhandledErrorsAtOnce(() => new Play(script).play());
}

class Play {
  private readonly script: HostileScript;
  private readonly w: World;
  private readonly modem: Observed<Modem>;
  private readonly network: Observed<Network>;
  private readonly opened: Observed<TransparentSession>;
  private readonly far: MemoryConnection;
  private readonly arrived: Observed<Uint8Array>;
  private readonly received: Observed<Uint8Array>;
  private readonly operations: { readonly what: string; readonly ends: string[] }[] = [];
  private readonly ran: string[] = [];
  private written = '';
  private sent = '';

  constructor(script: HostileScript) {
    this.script = script;
    this.w = worldOf({ ...script, seed: 0, rates: {} });
    this.w.module.control.events$.subscribe((event) => {
      if (event.kind === 'command') this.ran.push(event.text);
    });
    this.modem = observe(this.w.modem$);
    this.w.advance(2_000);
    this.network = observe(this.modem.last.network({ transparent: true }));
    this.w.advance(2_000);
    const { opened, far } = this.connect(script.serves, script.commands);
    this.opened = opened;
    this.far = far;
    this.arrived = observe(far.received$);
    this.received = observe(opened.last.received$);
  }

  play(): void {
    for (const step of this.script.steps) this.step(step);
    this.w.advance(TIME_TO_SETTLE);
    this.operate('enterDataMode', this.opened.last.enterDataMode());
    this.w.advance(TIME_TO_SETTLE);
    this.checkBytes();
    assert.deepEqual([this.modem.end, this.network.end, this.opened.end], ['open', 'open', 'open']);
    this.end();
    this.w.advance(TIME_TO_SETTLE);
    this.checkBytes();
    this.checkEnds();
    this.checkCommands();
  }

  private connect(serves: boolean, commands: HostileScript['commands']) {
    const accepted = observe(this.w.outside.serve(PEER.host, PEER.port));
    const options = serves ? { listen: SERVER_PORT, commands } : { ...PEER, commands };
    const opened = observe(this.network.last.transparent(options));
    this.w.advance(2_000);
    if (!serves) return { opened, far: accepted.last };
    const far = observe(this.w.outside.callIn(SERVER_PORT)).last;
    this.w.advance(1_000);
    return { opened, far };
  }

  private step(step: HostileStep): void {
    const session = this.opened.last;
    switch (step.does) {
      case 'enterCommandMode':
      case 'enterDataMode':
        this.operate(step.does, session[step.does]());
        break;
      case 'run':
        this.operate('run', this.modem.last.run(csq()));
        break;
      case 'write':
        this.written += textOf([step.bytes]);
        this.operate('write', session.write(step.bytes));
        break;
      case 'peer writes':
        this.sent += textOf([step.bytes]);
        observe(this.far.write(step.bytes));
        break;
      case 'wait':
        this.w.advance(step.ms);
    }
  }

  private operate(what: string, work$: Observable<unknown>): void {
    const ends: string[] = [];
    this.operations.push({ what, ends });
    work$.subscribe({ error: () => ends.push('error'), complete: () => ends.push('complete') });
  }

  private end(): void {
    const { control } = this.w.module;
    const session = this.opened.last;
    this.operate('enterCommandMode', session.enterCommandMode());
    switch (this.script.end) {
      case 'close':
        this.operate('close', session.close());
        break;
      case 'abort':
        this.opened.unsubscribe();
        break;
      case 'peer closes':
        observe(this.far.close());
        break;
      case 'restart':
        control.restart();
        break;
      case 'unplug':
        control.unplug();
        break;
      case 'network closes':
        this.operate('close', this.network.last.close());
    }
    this.operate('enterDataMode', session.enterDataMode());
    this.operate('close', session.close());
  }

  private checkBytes(): void {
    same(textOf(this.arrived.values), this.written, 'the peer did not get what was written');
    same(textOf(this.received.values), this.sent, 'the program did not get what the peer sent');
  }

  private checkEnds(): void {
    for (const { what, ends } of this.operations)
      assert.equal(ends.length, 1, `${what} ended ${ends.length} times`);
    const { end } = this.script;
    assert.notEqual(this.received.end, 'open', 'the session did not end');
    const modemEnds = end === 'restart' || end === 'unplug';
    assert.equal(this.modem.end !== 'open', modemEnds, 'the modem ended, or did not');
    if (modemEnds) return;
    assert.equal(this.w.module.control.state.mode, 'command', 'the module was left in data mode');
  }

  /** Every command that the module ran came from the SDK: no payload was taken for one. */
  private checkCommands(): void {
    const own = new Set(this.w.commands);
    for (const text of this.ran) {
      const command = text.replace(/^\+*/, '');
      const isKnown = own.has(command) || STARTS_MULTIPLEXING.test(command);
      assert.ok(command === '' || isKnown, `the module ran ${JSON.stringify(text)}`);
    }
  }
}

function same(actual: string, expected: string, message: string): void {
  if (actual === expected) return;
  let at = 0;
  while (actual[at] === expected[at]) at += 1;
  const around = (text: string) => JSON.stringify(text.slice(Math.max(0, at - 20), at + 40));
  assert.fail(`${message}: at ${at} ${around(actual)} instead of ${around(expected)}`);
}

import assert from 'node:assert/strict';
import { tap } from 'rxjs';
import type { FullTraceEntry } from '../../src/base/trace.js';
import type { Network } from '../../src/network/network.js';
import type { TcpSocket } from '../../src/sockets/tcp-socket.js';
import type { Datagram, UdpSocket } from '../../src/sockets/udp-socket.js';
import { bytesOf, type Observed, observe, textOf, type World } from '../world.js';
import { Own, Peer } from './ends.js';
import { FAR, FIRST_PORT, stayOnline, TIME_TO_SETTLE, TRIES, worldOf } from './program.js';
import type { Script, Step } from './script.js';
import { unhandledErrorsAtOnce } from './unhandled.js';

const SERVER_PORTS = [7, 8, 9, 10] as const;
/** Where datagrams go to and come from. */
const UDP_PEER = { host: '10.3.0.2', port: 53 };
const TIME_TO_COME_BACK = 300_000;

interface Opened<S> {
  readonly observed: Observed<S>;
  readonly port: number;
}

interface Bound {
  readonly observed: Observed<UdpSocket>;
  readonly port: number;
  readonly got: Datagram[];
}

/** Plays a script and checks after each step, and at the end, what must hold. */
export function play(script: Script): void {
  unhandledErrorsAtOnce(() => new Session(script, false).play());
}

/**
 * The same on a line that damages bytes. There AT promises nothing about the bytes that arrive, so
 * that what must hold is that nothing is thrown, that everything ends, and that what is opened when
 * the line is sound again works.
 */
export function playDamaged(script: Script): void {
  unhandledErrorsAtOnce(() => new Session(script, true).playDamaged());
}

/** A program that opens the modem and its network again whenever they are lost, and its peers. */
class Session {
  private readonly script: Script;
  private readonly damaged: boolean;
  private readonly w: World;
  private network: Network | undefined;
  private readonly networks: Observed<Network>;
  private readonly sockets: Opened<TcpSocket>[] = [];
  private readonly servers: Opened<TcpSocket>[] = [];
  private readonly bound: Bound[] = [];
  private readonly owns = new Map<TcpSocket, Own>();
  /** By the port that the program connected to, or that the caller has. */
  private readonly peers = new Map<string, Peer[]>();
  private readonly datagrams = { out: new Map<string, string>(), back: new Map<string, string>() };
  private counter = 0;

  constructor(script: Script, damaged: boolean) {
    this.script = script;
    this.damaged = damaged;
    this.w = worldOf(script, { joinedReads: script.joinedReads });
    this.networks = stayOnline(this.w, { receive: script.receive }, (network) => {
      this.network = network;
    });
    const far = observe(this.w.outside.host(UDP_PEER.host).bind(UDP_PEER.port)).last;
    far.received$.subscribe(({ bytes }) => this.take(this.datagrams.out, bytes));
    this.sendBack = (bytes, port) => {
      observe(far.send(bytes, { host: this.w.outside.address, port }));
    };
    this.advance(1_000);
  }

  private readonly sendBack: (bytes: Uint8Array, port: number) => void;

  play(): void {
    for (const step of this.script.steps) {
      this.step(step);
      this.check();
    }
    this.settle();
    for (const own of this.owns.values()) own.checkSettled(this.peersOf(own.socket));
    this.release();
    this.greet().checkFresh();
    this.checkListening();
    this.checkReleased();
  }

  playDamaged(): void {
    for (const step of this.script.steps) this.step(step);
    this.settle();
    this.release();
    const last = Array.from({ length: TRIES }, () => this.greet()).at(-1);
    last?.checkFresh();
    this.checkReleased();
  }

  /** Nothing goes wrong any more, and there is time. */
  private settle(): void {
    this.w.module.control.faults.clear();
    for (const { socket } of this.owns.values()) socket.resume();
    this.advance(TIME_TO_SETTLE);
  }

  private release(): void {
    this.advance(TIME_TO_COME_BACK);
    for (const { observed } of [...this.sockets, ...this.bound]) observed.unsubscribe();
    this.advance(TIME_TO_COME_BACK);
  }

  private step(step: Step): void {
    const { control } = this.w.module;
    switch (step.does) {
      case 'connect':
        this.connect();
        break;
      case 'listen':
        this.listen();
        break;
      case 'call in':
        this.callIn();
        break;
      case 'bind':
        this.bind();
        break;
      case 'write':
        this.anOwn(step.which)?.write(bytesIn(step.payload));
        break;
      case 'answer':
        this.aPeer(step.which)?.send(bytesIn(step.payload));
        break;
      case 'send':
        this.send(step.which, step.size);
        break;
      case 'send back':
        this.datagramBack(step.which, step.size);
        break;
      case 'close':
        this.anOwn(step.which)?.close();
        break;
      case 'unsubscribe':
        pick([...this.sockets, ...this.bound], step.which)?.observed.unsubscribe();
        break;
      case 'stop listening':
        this.servers.splice(step.which % (this.servers.length || 1), 1)[0]?.observed.unsubscribe();
        break;
      case 'hang up':
        this.aPeer(step.which)?.close();
        break;
      case 'reset':
        this.aPeer(step.which)?.reset();
        break;
      case 'pause':
        this.anOwn(step.which)?.socket.pause();
        break;
      case 'resume':
        this.anOwn(step.which)?.socket.resume();
        break;
      case 'wait':
        this.advance(step.ms);
        break;
      case 'lose bearer':
        control.loseBearer(step.ms);
        break;
      case 'lose registration':
        control.loseRegistration(step.ms);
        break;
      case 'restart':
        control.restart();
        break;
      case 'unplug':
        control.unplug();
        break;
    }
  }

  private connect(): Observed<TcpSocket> | undefined {
    if (this.network === undefined) return undefined;
    const port = FIRST_PORT + this.counter++;
    this.w.outside.serve(FAR, port).subscribe((connection) => this.meet(`${FAR}:${port}`, connection));
    const observed = observe(
      this.network.connect({ host: FAR, port }).pipe(tap((socket) => this.own(socket))),
    );
    this.sockets.push({ observed, port });
    return observed;
  }

  private listen(): void {
    const port = SERVER_PORTS.find((free) => !this.servers.some((server) => server.port === free));
    if (this.network === undefined || port === undefined) return;
    const observed = observe(this.network.listen({ port }).pipe(tap((socket) => this.own(socket))));
    this.servers.push({ observed, port });
  }

  private callIn(): void {
    const port = SERVER_PORTS[this.counter++ % SERVER_PORTS.length] as number;
    this.w.outside.callIn(port).subscribe({
      next: (connection) => this.meet(`${connection.local.host}:${connection.local.port}`, connection),
      error: () => {},
    });
  }

  private bind(): void {
    if (this.network === undefined) return;
    const port = 5_000 + this.counter++;
    const got: Datagram[] = [];
    const observed = observe(
      this.network.bind({ port }).pipe(
        tap((socket) => {
          socket.datagrams$.subscribe({
            next: (datagram) => {
              got.push(datagram);
              this.take(this.datagrams.back, datagram.bytes);
            },
            error: () => {},
          });
        }),
      ),
    );
    this.bound.push({ observed, port, got });
  }

  private send(which: number, size: number): void {
    const socket = pick(this.bound, which)?.observed.values[0];
    if (socket !== undefined) observe(socket.send(this.datagram(this.datagrams.out, size), UDP_PEER));
  }

  private datagramBack(which: number, size: number): void {
    const port = pick(this.bound, which)?.port;
    if (port !== undefined) this.sendBack(this.datagram(this.datagrams.back, size), port);
  }

  /** One that is like no other; it is expected once at the most. */
  private datagram(expected: Map<string, string>, size: number): Uint8Array {
    const id = String(this.counter++).padStart(4, '0');
    const text = id + '\r\nOK\r\n'.repeat(size).slice(0, size - 4);
    expected.set(id, text);
    return bytesOf(text);
  }

  /** A datagram arrived: intact, and for the first time. */
  private take(expected: Map<string, string>, bytes: Uint8Array): void {
    if (this.damaged) return;
    const text = textOf([bytes]);
    const id = text.slice(0, 4);
    assert.equal(text, expected.get(id), 'a datagram arrived that was not sent, or twice');
    expected.delete(id);
  }

  private own(socket: TcpSocket): void {
    this.owns.set(socket, new Own(socket, this.isSentTo(socket.link)));
  }

  /** Whether a payload is on its way to a link: the module was given it and has not answered. */
  private isSentTo(link: number): boolean {
    const { trace } = this.w;
    const commands = trace.filter(({ kind }) => kind === 'command');
    const since = trace.slice(trace.lastIndexOf(commands.at(-1) as FullTraceEntry));
    const [command] = since;
    if (command?.kind !== 'command' || !command.text.startsWith(`AT+CIPSEND=${link},`)) return false;
    const answered = since.some((entry) => entry.kind === 'received' && entry.event.kind === 'result');
    return !answered && since.some(({ kind }) => kind === 'payload');
  }

  private meet(name: string, connection: ConstructorParameters<typeof Peer>[0]): void {
    this.peers.set(name, [...(this.peers.get(name) ?? []), new Peer(connection)]);
  }

  private peersOf({ remote }: TcpSocket): readonly Peer[] {
    return this.peers.get(`${remote.host}:${remote.port}`) ?? [];
  }

  private anOwn(which: number): Own | undefined {
    return pick([...this.owns.values()], which);
  }

  private aPeer(which: number): Peer | undefined {
    return pick([...this.peers.values()].flat(), which);
  }

  private check(): void {
    for (const own of this.owns.values()) own.check(this.peersOf(own.socket));
  }

  /** Makes a connection on which both sides say something; nothing is so broken that it does not work. */
  private greet(): { checkFresh(): void } {
    const observed = this.connect();
    this.advance(1_000);
    const [socket] = observed?.values ?? [];
    const own = socket === undefined ? undefined : this.owns.get(socket);
    const peers = socket === undefined ? [] : this.peersOf(socket);
    own?.write(bytesOf('hello'));
    peers[0]?.send(bytesOf('welcome'));
    this.advance(1_000);
    return {
      checkFresh: () => {
        assert.ok(own !== undefined, 'a fresh connection could not be made');
        own.checkSettled(peers);
      },
    };
  }

  /** A server that has not ended does listen. */
  private checkListening(): void {
    for (const { observed, port } of this.servers) {
      if (observed.end !== 'open') continue;
      const caller = observe(this.w.outside.callIn(port));
      this.advance(1_000);
      assert.equal(caller.values.length, 1, 'a server does not listen');
      caller.unsubscribe();
    }
  }

  private checkReleased(): void {
    const { control } = this.w.module;
    let networkEnds = 0;
    const subscription = this.network?.close().subscribe({ complete: () => networkEnds++ });
    this.advance(60_000);
    assert.equal(networkEnds, 1, 'the network was not closed');
    subscription?.unsubscribe();
    assert.deepEqual([control.openLinks, control.openServers], [0, 0], 'something was left open');
    for (const own of this.owns.values()) assert.notEqual(own.end, 'open', 'a socket did not end');
    this.networks.unsubscribe();
    this.advance(60_000);
    assert.deepEqual(this.w.scheduler.actions, [], 'something is still scheduled');
  }

  private advance(ms: number): void {
    this.w.advance(ms);
  }
}

function pick<T>(all: readonly T[], which: number): T | undefined {
  return all.length === 0 ? undefined : all[which % all.length];
}

function bytesIn(payload: Uint8Array | number): Uint8Array {
  return typeof payload === 'number' ? new Uint8Array(payload).fill(payload) : payload;
}

import {
  type Emulator,
  type EmulatorOptions,
  emulator,
  type MemoryNetwork,
  memoryNetwork,
  recorded,
} from '@a7600/testing';
import {
  type ByteLink,
  linkPair,
  type PairEnd,
  type Transport,
  TransportError,
  type TransportErrorCode,
} from '@a7600/transport';
import {
  concat,
  defer,
  ignoreElements,
  Observable,
  switchMap,
  take,
  throwError,
  timer,
  VirtualTimeScheduler,
} from 'rxjs';
import { bundled } from '../../src/doctor/bundle.js';
import { type Diagnosis, diagnose } from '../../src/doctor/diagnose.js';
import type { DoctorOptions } from '../../src/doctor/examination.js';
import type { Finding } from '../../src/doctor/finding.js';
import type { HostFacts } from '../../src/doctor/host-facts.js';
import type { Verdict, VerdictCode } from '../../src/doctor/verdicts.js';

/** The world that a fault happens in: virtual time, a module, its network. */
export interface World {
  readonly scheduler: VirtualTimeScheduler;
  readonly network: MemoryNetwork;
}

/** Something that is wrong with a modem or around it, and what `doctor` has to say. */
export interface Fault {
  readonly name: string;
  readonly verdict: VerdictCode;
  /** The codes of the table of remedies that it stands for. */
  readonly causes?: readonly string[];
  readonly transport: (world: World) => Transport;
  readonly options?: Partial<Omit<DoctorOptions, 'host' | 'scheduler'>>;
  readonly host?: Partial<HostFacts>;
}

/** The peer that is connected to. */
export const TARGET = { host: 'example.com', port: 80 };

const NOON = Date.UTC(2026, 10, 29, 12);
const HOST: HostFacts = {
  platform: 'linux',
  ports: [],
  holders: [],
  modemManager: false,
  interfaces: [],
  time: NOON,
};

/** What an examination of a fault gave. */
export interface Examined {
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
  /** Time that it took, in ms of virtual time. */
  readonly elapsed: number;
}

/** Examines a module with a fault, in virtual time. `watch` may record the link. */
export function examined(
  fault: Fault,
  watch: (transport: Transport, world: World) => Transport = (same) => same,
): Examined {
  const scheduler = new VirtualTimeScheduler(undefined, Number.POSITIVE_INFINITY);
  const world = worldOf(scheduler);
  const diagnoses: Diagnosis[] = [];
  let elapsed = 0;
  const work = diagnose(watch(fault.transport(world), world), optionsOf(fault, scheduler)).subscribe({
    next: (diagnosis) => diagnoses.push(diagnosis),
    complete: () => {
      elapsed = scheduler.now();
    },
  });
  for (let minutes = 1; !work.closed && minutes <= LIMIT; minutes++) {
    scheduler.maxFrames = minutes * 60_000;
    scheduler.flush();
  }
  work.unsubscribe();
  const last = diagnoses.at(-1);
  if (last === undefined || !('verdict' in last)) throw new Error(`${fault.name}: there is no verdict.`);
  return {
    verdict: last.verdict,
    elapsed,
    findings: diagnoses.flatMap((diagnosis) => ('finding' in diagnosis ? [diagnosis.finding] : [])),
  };
}

/** The bundle that an examination of a fault writes. */
export function bundleOf(fault: Fault): string {
  const scheduler = new VirtualTimeScheduler(undefined, 0);
  const { diagnosis$, text } = bundled(fault.transport(worldOf(scheduler)), optionsOf(fault, scheduler));
  const work = diagnosis$.subscribe();
  for (let minutes = 1; !work.closed && minutes <= LIMIT; minutes++) {
    scheduler.maxFrames = minutes * 60_000;
    scheduler.flush();
  }
  return text();
}

/** A world without a fault. */
export function worldOf(scheduler: VirtualTimeScheduler): World {
  return { scheduler, network: goodNetwork(scheduler) };
}

/** Virtual minutes after which an examination should have ended long ago. */
const LIMIT = 20;

/** The options that an examination of a fault has. */
export function optionsOf(fault: Fault, scheduler: VirtualTimeScheduler): DoctorOptions {
  return {
    scheduler,
    host: { ...HOST, ...fault.host },
    connection: '--serial /dev/ttyUSB2',
    baudRate: 115_200,
    searched: false,
    apn: undefined,
    pin: undefined,
    target: TARGET,
    readyTimeout: 30_000,
    ...fault.options,
  };
}

/** A network with latency in which the target, and a name server, answer. */
function goodNetwork(scheduler: VirtualTimeScheduler): MemoryNetwork {
  const network = memoryNetwork({ scheduler, latency: 40, nameLatency: 60 });
  network.serve(TARGET.host, TARGET.port).subscribe();
  network.host('example.org');
  network.serve('8.8.8.8', 53).subscribe();
  return network;
}

/** A module with the timing of real ones. `arrange` is called before its port is opened. */
export function module(
  options: EmulatorOptions = {},
  arrange: (emulator: Emulator, world: World) => void = () => {},
) {
  return (world: World): Transport => {
    const made = emulator({
      scheduler: world.scheduler,
      network: world.network,
      timing: recorded,
      ...options,
    });
    arrange(made, world);
    return made;
  };
}

/** Time in ms that an earlier program has for each command, and between its end and the examination. */
const TURN = 2_000;
const PAUSE = 20_000;

/** A module to which an earlier program has typed commands; it went on when that program ended. */
export function moduleAfter(...commands: readonly string[]) {
  return leftBehind(commands, () => {});
}

/** The same on a port that then no longer drives DTR, as one with three wires. */
export function moduleAfterWithoutDtr(...commands: readonly string[]) {
  return leftBehind(commands, ({ control }) => {
    control.dtr = false;
  });
}

function leftBehind(commands: readonly string[], then: (module: Emulator) => void) {
  return (world: World): Transport => {
    const { scheduler, network } = world;
    const made = emulator({ scheduler, network, timing: recorded, whenClosed: 'goes on' });
    const typed$ = made.pipe(
      switchMap((link) => {
        link.received$.subscribe({ error: () => {} });
        return concat(
          ...commands.map((command) => concat(link.write(`${command}\r`), timer(TURN, scheduler))),
        );
      }),
      take(commands.length),
      ignoreElements(),
    );
    const changed$ = defer(() => {
      then(made);
      return timer(PAUSE, scheduler).pipe(ignoreElements());
    });
    return concat(typed$, changed$, made);
  };
}

/** A port that cannot be opened. */
export function unopenable(code: TransportErrorCode, message: string) {
  return (): Transport => throwError(() => new TransportError(code, message));
}

/** A device that is no module: `live` is given the far end of the link. */
export function device(live: (far: PairEnd, world: World) => void) {
  return (world: World): Transport =>
    new Observable<ByteLink>((subscriber) => {
      const [near, far] = linkPair();
      subscriber.next(near);
      live(far, world);
      near.ended$.subscribe((end) => {
        if (end.by === 'lost') subscriber.error(end.error);
        else subscriber.complete();
      });
    });
}

import type { SchedulerLike } from 'rxjs';
import { asking } from '../networks/asking.js';
import { mobileNetwork } from '../networks/mobile/mobile-network.js';
import type { Network } from '../networks/network.js';
import type { Behaviour } from './at/behaviour.js';
import { Interpreter } from './at/interpreter.js';
import { Port, type PortContext } from './at/port.js';
import { textBytes } from './at/printer.js';
import { UrcRouter } from './at/urc-router.js';
import { Clock } from './clock.js';
import type { EmulatorEvent } from './events.js';
import { Faults } from './faults/faults.js';
import { outages } from './faults/outages.js';
import { subscriberOf } from './mobile/subscriber.js';
import type { Module } from './module.js';
import { Multiplexing } from './multiplexing/multiplexing.js';
import { PowerSwitch } from './power.js';
import type { Profile } from './profiles/profile.js';
import { Radio } from './radio/radio.js';
import { Sim } from './radio/sim.js';
import { observedSurroundings, type Surroundings } from './radio/surroundings.js';
import { defaultSettings, factoryStored } from './settings.js';
import { Sleep } from './sleep.js';
import { DataMode } from './sockets/data-mode.js';
import { Delivery } from './sockets/delivery.js';
import { Sockets } from './sockets/sockets.js';
import type { Timing } from './timing.js';

/** What a port of the module is for: commands, or positions. */
export type PortKind = 'at' | 'nmea';

/** What a module is made of. */
export interface AssemblyOptions {
  readonly scheduler: SchedulerLike;
  readonly network: Network;
  readonly profile: Profile;
  readonly timing: Timing;
  /** What `AT+IPREX` has stored. */
  readonly baudRate: number;
  /** The ports; the first one is an AT port. */
  readonly ports: readonly PortKind[];
  /** The newest of a name comes last and wins. */
  readonly behaviours: readonly Behaviour[];
  readonly surroundings: Partial<Surroundings>;
  readonly faults: Faults;
  emit(event: EmulatorEvent): void;
  /** Called at any arrival from the host and at anything printed: something may happen there. */
  moment(): void;
  /** Cuts the serial line. */
  unplug(): void;
}

/** A module, put together. */
export interface Assembly {
  /** As the commands of the first port see it. */
  readonly module: Module;
  /** In the order of the options. */
  readonly ports: readonly Port[];
  readonly urcs: UrcRouter;
  /** Starts as if it had been running for long: silent, registered, ready. */
  wake(): void;
  /** Restarts without start lines. */
  restartSilently(): void;
  /** Network, links and servers are gone, in data mode too, and no line says so. */
  loseNetwork(): void;
  /** Another program types a command on a port of its own. */
  otherProgram(line: string): void;
}

/** Puts the parts of a module together, each with the few things that it needs. */
export function assemble(options: AssemblyOptions): Assembly {
  const { profile, timing, faults, moment, unplug } = options;
  const clock = new Clock(options.scheduler);
  const stored = { ...factoryStored(profile), baudRate: options.baudRate };
  const settings = defaultSettings();
  const network = asking(options.network, () => settings.nameServers);
  const sleep = new Sleep(clock, settings);
  const report = (text: string) => urcs.report(text);
  const emit = (event: EmulatorEvent) => {
    options.emit(event);
    if (event.kind === 'mode') multiplexing.refresh();
  };
  const mobile = network.mobile ?? mobileNetwork({ scheduler: options.scheduler });
  const base = { clock, profile, timing, faults, settings, stored, network, emit, report };
  const poweredOn = () => powerSwitch.state === 'on';

  const newPort = (number: number, more: Partial<PortContext> = {}) =>
    new Port(number, {
      ...base,
      moment,
      hears: (port) => poweredOn() && sleep.wakes(port.dtr),
      ready: () => delivery.flush(),
      dtrDropped: (port) => dataMode.dtrOff(port),
      ...more,
    });
  const main = newPort(1);
  const furtherPort = (number: number) =>
    newPort(number, { emit: (event) => emit({ ...event, port: number }) });
  const others = options.ports.slice(1).map((kind, index) => ({ kind, port: furtherPort(index + 2) }));
  const portsOf = (wanted: PortKind) => others.flatMap(({ kind, port }) => (kind === wanted ? [port] : []));
  const ports = [main, ...others.map(({ port }) => port)];
  const atPorts = [main, ...portsOf('at')];
  const nmeaPorts = portsOf('nmea');
  const foreign = newPort(FOREIGN_PORT, { faults: new Faults(), emit: () => {}, moment: () => {} });
  const urcPorts = () => [...multiplexing.ports, ...portsOf('at')];
  const urcs = new UrcRouter({ clock, settings, ports: urcPorts, faults, emit });

  const surroundings = observedSurroundings(options.surroundings, (key) => surroundingsChanged(key));
  const sim = new Sim({ profile, surroundings });
  const radio: Radio = new Radio({
    ...base,
    surroundings,
    sim,
    poweredOn,
    bearerLost: () => sockets.lose(),
  });
  const dataMode = new DataMode(base);
  const multiplexing: Multiplexing = new Multiplexing({
    profile,
    main,
    newPort: (dlci) => withCommands(furtherPort(ports.length + dlci)),
    hasCarrier: (port) => port.settings.dcd === 0 || dataMode.isConnected(port),
  });
  const sockets: Sockets = new Sockets({
    ...base,
    dataMode,
    arrived: (link, wasEmpty) => delivery.arrived(link, wasEmpty),
    flush: () => delivery.flush(),
  });
  const delivery: Delivery = new Delivery({ ...base, urcs, dataMode, sockets });

  const powerSwitch: PowerSwitch = new PowerSwitch({
    ...base,
    sim,
    radio,
    printRaw: (bytes) => main.output.raw(bytes),
    reset() {
      clock.stop();
      sockets.dropAll();
      dataMode.forget();
      delivery.reset();
      radio.reset();
      Object.assign(settings, defaultSettings());
      multiplexing.reset();
      for (const port of [...ports, foreign]) port.reset();
    },
  });

  const surroundingsChanged = (key: keyof Surroundings) => {
    if (!poweredOn()) return;
    if (key === 'sim' && surroundings.sim === 'READY') powerSwitch.simReady();
    if (key === 'sim' && !sim.inserted) report('+SIMCARD: NOT AVAILABLE');
    if (key === 'bearer' && !surroundings.bearer) radio.loseBearer(0);
    if (key === 'rssi') radio.signal.changed();
    radio.update();
  };

  const printNmea = (sentence: string) => {
    for (const { output } of nmeaPorts) output.raw(textBytes(`${sentence}\r\n`));
    return nmeaPorts.length > 0;
  };
  const shared = {
    ...base,
    mobile,
    printNmea,
    surroundings,
    sim,
    radio,
    sockets,
    delivery,
    dataMode,
    multiplexing,
    memory: new Map(),
  };
  const moduleOf = (port: Port, own: Partial<typeof shared> = {}): Module => ({
    ...shared,
    ...own,
    port,
    get power() {
      return powerSwitch.state;
    },
    conclude: (result, then = () => {}) =>
      clock.after(faults.lateness('lateResult'), () =>
        port.exclusively(() => {
          if (!faults.fires('lostResult')) port.output.unsolicited([result]);
          if (faults.fires('repeatedResult')) port.output.unsolicited([result]);
          then();
        }),
      ),
    later: (delay, work) => {
      clock.later(delay, work);
    },
    start: () => powerSwitch.start(),
    shutDown: () => powerSwitch.shutDown(),
    powerOff: () => powerSwitch.off(),
    watchPower: (listener) => powerSwitch.watch(listener),
  });

  const commandArrived = outages({
    faults,
    clock,
    unplug,
    restart: () => powerSwitch.start(),
    loseBearer: (duration) => radio.loseBearer(duration),
    loseRegistration: (duration) => radio.fade(duration),
  });
  const { behaviours } = options;
  const withCommands = (port: Port, module = moduleOf(port)) => {
    port.attach(new Interpreter({ module, behaviours, commandArrived }));
    return port;
  };
  const modules = atPorts.map((port) => moduleOf(port));
  subscriberOf(modules[0] as Module);
  // What the host sends there is ignored.
  for (const { input } of nmeaPorts) input.watch(() => input.length > 0 && input.clear());
  for (const module of modules) withCommands(module.port, module);
  // What it prints goes nowhere, so nothing of it can fail.
  const elsewhere = moduleOf(foreign, { faults: new Faults() });
  foreign.attach(new Interpreter({ module: elsewhere, behaviours, commandArrived: () => {} }));

  return {
    module: modules[0] as Module,
    ports,
    urcs,
    wake: () => powerSwitch.wake(),
    restartSilently: () => powerSwitch.start(true),
    loseNetwork() {
      sockets.dropAll();
      dataMode.vanish();
    },
    otherProgram: (line) => foreign.receive(textBytes(`${line}\r`)),
  };
}

/** The port of another program; `AT+CATR` knows ports up to 7. */
const FOREIGN_PORT = 8;

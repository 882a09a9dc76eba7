import type { SchedulerLike, Subscription } from 'rxjs';
import type { Network } from '../networks/network.js';
import type { Behaviour } from './at/behaviour.js';
import { Interpreter } from './at/interpreter.js';
import { Output } from './at/output.js';
import { Clock } from './clock.js';
import type { EmulatorEvent, Power } from './events.js';
import type { Faults } from './faults/faults.js';
import { Fifo } from './line/fifo.js';
import type { Line, LineEnd } from './line/line.js';
import { PowerSwitch } from './power.js';
import type { Profile } from './profiles/profile.js';
import { Radio } from './radio/radio.js';
import { Sim } from './radio/sim.js';
import { observedSurroundings, type Surroundings } from './radio/surroundings.js';
import { defaultSettings, factoryStored, type Settings, type Stored } from './settings.js';
import { DataMode } from './sockets/data-mode.js';
import { Delivery } from './sockets/delivery.js';
import { Sockets } from './sockets/sockets.js';
import type { Timing } from './timing.js';

/** What a {@link Module} is made of. */
export interface ModuleOptions {
  readonly scheduler: SchedulerLike;
  readonly network: Network;
  readonly profile: Profile;
  readonly timing: Timing;
  /** What `AT+IPREX` has stored. */
  readonly baudRate: number;
  /** The newest of a name comes last and wins. */
  readonly behaviours: readonly Behaviour[];
  readonly surroundings: Partial<Surroundings>;
  readonly faults: Faults;
  readonly emit: (event: EmulatorEvent) => void;
  /** Cuts the serial line. */
  readonly unplug: () => void;
}

/**
 * The module: what it is made of, and what its parts have in common. What single commands do is in
 * the behaviours.
 */
export class Module implements LineEnd {
  readonly network: Network;
  readonly profile: Profile;
  readonly timing: Timing;
  readonly faults: Faults;
  readonly surroundings: Surroundings;
  readonly emit: (event: EmulatorEvent) => void;
  readonly unplug: () => void;
  readonly clock: Clock;
  /** What the host has sent and nobody has read. */
  readonly input = new Fifo();
  readonly stored: Stored;
  settings: Settings;
  readonly output: Output;
  readonly sim: Sim;
  readonly radio: Radio;
  readonly sockets: Sockets;
  readonly delivery: Delivery;
  readonly dataMode: DataMode;
  private readonly interpreter: Interpreter;
  private readonly powerSwitch: PowerSwitch;
  private dtrOn = true;

  constructor(options: ModuleOptions) {
    this.network = options.network;
    this.profile = options.profile;
    this.timing = options.timing;
    this.faults = options.faults;
    this.emit = options.emit;
    this.unplug = options.unplug;
    this.clock = new Clock(options.scheduler);
    this.stored = { ...factoryStored(options.profile), baudRate: options.baudRate };
    this.settings = defaultSettings(options.profile, this.stored);
    this.output = new Output({
      faults: options.faults,
      format: () => ({ ...this.settings, baudRate: this.settings.format.baudRate }),
      onPrinted: (what, bytes) => this.emit({ kind: 'printed', what, bytes }),
      onReleased: () => this.delivery.flush(),
    });
    this.sim = new Sim(this);
    this.radio = new Radio(this);
    this.sockets = new Sockets(this);
    this.delivery = new Delivery(this);
    this.dataMode = new DataMode(this);
    this.interpreter = new Interpreter(this, options.behaviours);
    this.powerSwitch = new PowerSwitch(this);
    this.surroundings = observedSurroundings(options.surroundings, (key) => this.surroundingsChanged(key));
  }

  get power(): Power {
    return this.powerSwitch.state;
  }

  /** The serial line, while the host has its port open. */
  set line(line: Line | undefined) {
    this.output.line = line;
    this.configureLine();
  }

  /** Speed, frame and flow control have been set. */
  configureLine(): void {
    const { format, flow } = this.settings;
    this.output.line?.configure({ format, holdsHost: flow[0] === 2, heedsHost: flow[1] === 2 });
  }

  receive(bytes: Uint8Array): void {
    this.emit({ kind: 'received', bytes });
    if (this.power !== 'on' || this.powerSwitch.asleep()) return;
    if (this.dataMode.mode === 'data') this.dataMode.receive(bytes);
    else this.takeInput(bytes);
  }

  /** Bytes of the host that are to be read. */
  takeInput(bytes: Uint8Array): void {
    this.input.push(bytes);
    this.proceed();
  }

  drained(): void {
    this.delivery.flush();
  }

  /** Reads on, where something kept the module from it. */
  proceed(): void {
    this.interpreter.scanner.proceed();
  }

  /** Does something during which no command is begun, although the host answers at once. */
  exclusively(work: () => void): void {
    this.interpreter.exclusively(work);
  }

  /** Prints an unsolicited unit. */
  report(text: string): void {
    const { urcPort, urcDelay } = this.settings;
    if (urcPort > OUR_PORT) return;
    this.clock.after(urcDelay, () => this.output.unsolicited([text]));
  }

  /** Prints a result that follows its `OK`, and does what belongs to it. */
  conclude(result: string, then: () => void = () => {}): Subscription {
    const { faults } = this;
    return this.clock.after(faults.lateness('lateResult'), () =>
      this.exclusively(() => {
        if (!faults.strikes('lostResult')) this.output.unsolicited([result]);
        if (faults.strikes('repeatedResult')) this.output.unsolicited([result]);
        then();
      }),
    );
  }

  /** Does something later, unless the module is switched off before. */
  later(delay: number, work: () => void): void {
    this.clock.later(delay, work);
  }

  /** Starts as if it had been running for long: silent, registered, ready. */
  wake(): void {
    this.powerSwitch.wake();
  }

  /** Switches on, or starts anew, with silence and start-up lines. */
  start(): void {
    this.powerSwitch.start();
  }

  /** Switches the module off: nothing goes on, everything but stored settings is forgotten. */
  powerOff(): void {
    this.powerSwitch.off();
  }

  /** Forgets everything but what is stored, and whatever was going on. */
  reset(): void {
    this.clock.stop();
    this.sockets.dropAll();
    this.dataMode.forget();
    this.delivery.reset();
    this.radio.reset();
    this.output.reset();
    this.interpreter.reset();
    this.settings = defaultSettings(this.profile, this.stored);
    this.configureLine();
  }

  /** The host's DTR line. */
  get dtr(): boolean {
    return this.dtrOn;
  }

  set dtr(on: boolean) {
    const wentOff = this.dtrOn && !on;
    this.dtrOn = on;
    if (wentOff) this.dataMode.dtrOff();
  }

  /** The module's DCD line. */
  get dcd(): boolean {
    return this.settings.dcd === 0 || this.dataMode.connected;
  }

  /** Something that takes the service away may happen while a command comes in. */
  misfortune(): void {
    const { faults } = this;
    if (faults.strikes('restart')) this.clock.after(faults.pause(), () => this.start());
    if (faults.strikes('bearerLoss')) {
      this.clock.after(faults.pause(), () => this.radio.loseBearer(faults.outage()));
    }
    if (faults.strikes('registrationLoss')) {
      this.clock.after(faults.pause(), () => this.radio.fade(faults.outage()));
    }
    if (faults.strikes('unplug')) this.unplug();
  }

  private surroundingsChanged(key: keyof Surroundings): void {
    if (this.power !== 'on') return;
    const { sim, bearer } = this.surroundings;
    if (key === 'sim' && sim === 'READY') this.powerSwitch.simReady();
    if (key === 'sim' && !this.sim.inserted) this.report('+SIMCARD: NOT AVAILABLE');
    if (key === 'bearer' && !bearer) this.radio.loseBearer(0);
    if (key === 'rssi') this.radio.signalChanged();
    this.radio.update();
  }
}

/** The number of the UART among the ports of `AT+CATR`. */
const OUR_PORT = 1;

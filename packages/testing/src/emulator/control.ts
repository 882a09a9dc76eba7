import type { Observable } from 'rxjs';
import type { MobileNetwork } from '../networks/mobile/mobile-network.js';
import type { Phone } from '../networks/mobile/phone.js';
import type { Connection, Endpoint } from '../networks/network.js';
import type { Range } from '../random.js';
import type { Assembly } from './assembly.js';
import { auxiliaryOutput } from './auxiliary.js';
import { callIn } from './call-in.js';
import type { EmulatorEvent } from './events.js';
import type { FaultControl } from './faults/faults.js';
import type { SerialFormat } from './line/serial-format.js';
import type { UartLine } from './line/uart-line.js';
import { subscriberOf } from './mobile/subscriber.js';
import type { Outside } from './outside.js';
import { type Pins, pinsOf } from './pins.js';
import type { Surroundings } from './radio/surroundings.js';
import { type ModuleState, stateOf } from './state.js';

/** What happens to an emulated module from outside, and what can be seen of it. */
export interface EmulatorControl {
  /** What it is like now. */
  readonly state: ModuleState;
  /** How many of the ten links are in use. */
  readonly openLinks: number;
  /** How many of the four servers are listening. */
  readonly openServers: number;
  /** Whether the socket service (`AT+NETOPEN`) is open. */
  readonly networkOpen: boolean;
  /** Hot, no replay: what happens, in order. */
  readonly events$: Observable<EmulatorEvent>;
  /** SIM, registration and signal; change them at any time. */
  readonly surroundings: Surroundings;
  /** What goes wrong, by chance and by script. */
  readonly faults: FaultControl;

  /** The mobile network that carries its messages and calls. */
  readonly mobile: MobileNetwork;
  /** The module's own number in it. */
  readonly number: string;
  /**
   * A phone in that network, which calls, writes, and receives. Throws when a module has the number.
   *
   * @param number Its number, as other subscribers dial it.
   * @returns The phone; the same one each time for a number.
   */
  phone(number: string): Phone;

  /**
   * Prints a unit at once, as if the module had something to report.
   *
   * @param text The line, without line ends.
   */
  report(text: string): void;
  /**
   * Connects to a server of the module as a remote client, whatever network there is. Cold; emits
   * the client's end once, errors with a `NetworkError` (`refused`) when the module does not listen there. `from` is
   * the address that the module is shown.
   *
   * @param port The port that the module listens on.
   * @param from The address and port of the client. Default: `10.0.0.1:50000`.
   * @returns The client's end of the connection.
   */
  callIn(port: number, from?: Endpoint): Observable<Connection>;
  /**
   * The bearer is lost: `+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY`. It can be had again after that
   * many ms. Default 0.
   *
   * @param duration How long it cannot be had again, in ms. Default 0.
   */
  loseBearer(duration?: number): void;
  /**
   * The registration is lost for that many ms; the sockets stay.
   *
   * @param duration How long it is away, in ms.
   */
  loseRegistration(duration: number): void;
  /**
   * The module restarts, all by itself; `silently` leaves out its start lines.
   *
   * @param options `silently` true leaves out the start lines. Default false.
   */
  restart(options?: { readonly silently?: boolean }): void;
  /**
   * The module restarts at once and every few seconds, as with a weak supply. Times are in ms.
   * Default: every 2000 to 8000. Returns what ends that.
   *
   * @param every Shortest and longest time between two restarts, in ms. Default 2000 to 8000.
   * @returns Ends it.
   */
  restartRepeatedly(every?: Range): () => void;
  /** Network, links and servers are gone, in data mode too, and no line says so. */
  loseNetwork(): void;
  /**
   * The bearer is there, and nothing passes: streams wait, datagrams are lost, connects and names
   * get no answer. Ends after that many ms, or with {@link releaseBearer}.
   *
   * @param duration How long nothing passes, in ms. Default: until {@link releaseBearer}.
   */
  stallBearer(duration?: number): void;
  /** Ends {@link stallBearer}: what waited passes first. */
  releaseBearer(): void;
  /**
   * Another program types a command, without its CR, on another port; its answer goes there.
   *
   * @param line The command line, with its `AT`.
   */
  otherProgram(line: string): void;
  /** The power is cut. */
  powerOff(): void;
  /** The power comes back, or the power key is pressed: the module starts if it is off. */
  powerOn(): void;
  /**
   * The power key is held for that many ms: a module that is off starts, one that is on is switched
   * off by 2500 or more, as `AT+CPOF` does it. Default 2500.
   *
   * @param duration How long it is held, in ms. Default 2500.
   */
  pressPowerKey(duration?: number): void;
  /** The serial line is cut, in mid-air if need be. */
  unplug(): void;
  /**
   * The device is gone: the line is cut, and opening the port fails with `PORT_NOT_FOUND` until
   * {@link plug}. The module goes on.
   */
  losePort(): void;
  /**
   * The device is there again, under that name; by default under the next one of its kind.
   *
   * @param path Its name. Default: the number at the end of the last name, plus one.
   */
  plug(path?: string): void;
  /** Name of the port; undefined while it is gone. */
  readonly path: string | undefined;

  /** The host's DTR line. Default on. */
  dtr: boolean;
  /** The module's DCD and DSR lines. */
  readonly dcd: boolean;
  /** The module's DSR line. */
  readonly dsr: boolean;
  /** The module's supply for other parts, on its pin VDD_AUX: in mV, 0 while it is off (`AT+CVAUXS`). */
  readonly auxiliaryVoltage: number;
  /** The module's general purpose pins (`AT+CGDRT`): what is on them, and what the outside applies. */
  readonly pins: Pick<Pins, 'level' | 'apply'>;
  /**
   * The host's program sets speed or frame of its port; only a UART has them.
   *
   * @param format What changes; the rest stays.
   */
  setHostFormat(format: Partial<SerialFormat>): void;
  /** Bytes that were lost because the host's port was full. */
  readonly lostByHost: number;
}

/** Time in ms for which the power key has to be held to switch off (A7670 hardware design, PWRKEY). */
const SWITCHES_OFF = 2_500;

/** What a control handle acts on. */
export interface Controlled {
  readonly assembly: Assembly;
  readonly events$: Observable<EmulatorEvent>;
  /** The UART, while the port is open and has one. */
  uart(): UartLine | undefined;
  readonly outside: Outside;
}

export function controlOf({ assembly, outside, events$, uart }: Controlled): EmulatorControl {
  const { module, urcs } = assembly;
  const { sockets, port, dataMode } = module;
  return {
    events$,
    faults: module.faults,
    mobile: module.mobile,
    number: subscriberOf(module).attachment.number,
    phone: (number) => module.mobile.phone(number),
    surroundings: module.surroundings,
    get state() {
      return stateOf(module);
    },
    get openLinks() {
      return sockets.links.filter(({ state }) => state !== 'free').length;
    },
    get openServers() {
      return sockets.servers.size;
    },
    get networkOpen() {
      return sockets.open;
    },
    get dtr() {
      return port.dtr;
    },
    set dtr(on) {
      port.dtr = on;
    },
    get dcd() {
      return port.settings.dcd === 0 || dataMode.isConnected(port);
    },
    get dsr() {
      return port.settings.dsr === 0 || dataMode.isConnected(port);
    },
    pins: pinsOf(module),
    get auxiliaryVoltage() {
      return auxiliaryOutput(module);
    },
    get lostByHost() {
      return uart()?.lostByHost ?? 0;
    },
    report: (text) => urcs.print([text]),
    callIn: (to, from) => callIn(module, to, from),
    loseBearer: (duration = 0) => module.radio.loseBearer(duration),
    loseRegistration: (duration) => module.radio.fade(duration),
    restart: ({ silently = false } = {}) => (silently ? outside.restartSilently() : module.start()),
    restartRepeatedly: outside.restartEvery,
    loseNetwork: outside.loseNetwork,
    stallBearer: outside.stallBearer,
    releaseBearer: outside.releaseBearer,
    otherProgram: outside.otherProgram,
    powerOff: () => module.powerOff(),
    pressPowerKey(duration = SWITCHES_OFF) {
      if (module.power === 'off') module.start();
      else if (duration >= SWITCHES_OFF) module.shutDown();
    },
    powerOn: () => {
      if (module.power === 'off') module.start();
    },
    unplug: outside.unplug,
    losePort: () => outside.losePort(),
    plug: (path) => outside.device.plug(path),
    get path() {
      return outside.device.path;
    },
    setHostFormat: (format) => uart()?.setHostFormat(format),
  };
}

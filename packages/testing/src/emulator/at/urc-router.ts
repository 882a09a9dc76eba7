import type { Clock } from '../clock.js';
import type { EmulatorEvent } from '../events.js';
import type { Faults } from '../faults/faults.js';
import type { Settings } from '../settings.js';
import type { Port } from './port.js';
import type { Part } from './reply.js';

/** What a {@link UrcRouter} needs of the module. */
export interface UrcContext {
  readonly clock: Clock;
  readonly settings: Pick<Settings, 'urcPort' | 'urcDelay' | 'packetEvents' | 'ringsForReports'>;
  /** The AT ports that there are at the moment. */
  ports(): readonly Port[];
  readonly faults: Faults;
  emit(event: EmulatorEvent): void;
}

/** Length in ms of the pulse of RI at a report (protocol 4.5, `CFGRI`). */
const RING_PULSE = 60;

/** `<port>` of `AT+CATR` that stands for all of them. */
const ALL_PORTS = 0;

/** Prints what the module reports by itself on the ports that `AT+CATR` names. */
export class UrcRouter {
  private readonly context: UrcContext;
  /** The frame that is being printed, and those after it. */
  private readonly waiting: (readonly [lines: readonly Part[], data: Uint8Array | undefined])[] = [];

  constructor(context: UrcContext) {
    this.context = context;
  }

  /** Whether one of those ports cannot print a report now. */
  get blocked(): boolean {
    for (const port of this.context.ports()) {
      if (this.isTarget(port) && (port.output.congested || port.output.holding)) return true;
    }
    return false;
  }

  /** Prints an unsolicited line after the delay of `AT+CURCD`. */
  report(text: string): void {
    if (this.context.settings.packetEvents === 0 && text.startsWith('+CGEV')) return;
    this.context.clock.after(this.context.settings.urcDelay, () => this.print([text]));
  }

  /**
   * Prints an unsolicited frame at once; `data` follows its lines. One that is printed because a port has taken
   * another one comes after that on all ports.
   */
  print(lines: readonly Part[], data?: Uint8Array): void {
    this.waiting.push([lines, data]);
    if (this.waiting.length > 1) return;
    for (let [next] = this.waiting; next !== undefined; [next] = this.waiting) {
      this.printOnPorts(...next);
      this.waiting.shift();
    }
  }

  private printOnPorts(lines: readonly Part[], data: Uint8Array | undefined): void {
    const { faults, ports, settings, clock, emit } = this.context;
    if (settings.ringsForReports) emit({ kind: 'ring pulse', duration: RING_PULSE });
    const { targets } = this;
    const line = lines.find((part) => typeof part === 'string');
    if (faults.fires('repeatedReport', line)) clock.later(faults.outage(), () => this.print(lines, data));
    const misrouted = faults.fires('misroutedReport', line);
    const heard = misrouted ? ports().filter((port) => !targets.includes(port)) : targets;
    for (const { output } of heard) output.unsolicited(lines, data);
  }

  private get targets(): readonly Port[] {
    return this.context.ports().filter((port) => this.isTarget(port));
  }

  private isTarget({ number }: Port): boolean {
    const { urcPort } = this.context.settings;
    return urcPort === ALL_PORTS || urcPort === number;
  }
}

import type { Port } from '../at/port.js';
import type { Profile } from '../profiles/profile.js';
import { Multiplexer } from './multiplexer.js';

/** The parameters of `AT+CMUX` (protocol 4.6). */
export interface MultiplexingParameters {
  /** `<port_speed>`, 1 to 8; changes nothing. */
  readonly speed: number;
  /** N1: the longest payload of a frame in bytes. */
  readonly frameSize: number;
  /** T2 in 10 ms. */
  readonly responseTimer: number;
}

/** What `AT+CMUX?` shows before it was set. */
export const USUAL_PARAMETERS: MultiplexingParameters = { speed: 5, frameSize: 1_500, responseTimer: 600 };

/** What {@link Multiplexing} needs of the module. */
export interface MultiplexingContext {
  readonly profile: Profile;
  /** The port that can be multiplexed: the UART (manual A109). */
  readonly main: Port;
  /** Makes the virtual port of a channel; called once for each. */
  readonly newPort: (dlci: number) => Port;
  readonly hasCarrier: (port: Port) => boolean;
}

/** Whether the UART is multiplexed, and the virtual ports of its channels. */
export class Multiplexing {
  parameters = USUAL_PARAMETERS;
  private readonly context: MultiplexingContext;
  private readonly virtual = new Map<number, Port>();
  private current: Multiplexer | undefined;
  private endDiversion: (() => void) | undefined;

  constructor(context: MultiplexingContext) {
    this.context = context;
  }

  /** The ports that stand for the UART: itself, or those of the open channels. */
  get ports(): readonly Port[] {
    return this.current?.ports ?? [this.context.main];
  }

  /** Whether `AT+CMUX` is possible there. */
  isPossibleOn(port: Port): boolean {
    return port === this.context.main;
  }

  /** From now on the UART carries frames. */
  start(parameters: MultiplexingParameters): void {
    const { main, profile, hasCarrier } = this.context;
    this.parameters = parameters;
    this.current = new Multiplexer({
      port: main,
      profile,
      frameSize: parameters.frameSize,
      portOf: (dlci) => this.portOf(dlci),
      hasCarrier,
      ended: () => this.end(),
    });
    this.endDiversion = main.divert(this.current);
  }

  /** Something that a host can see by a modem line has changed. */
  refresh(): void {
    this.current?.refresh();
  }

  /** A restart: plain AT mode again. */
  reset(): void {
    this.current?.stop();
    this.leave();
    this.parameters = USUAL_PARAMETERS;
    for (const port of this.virtual.values()) port.reset();
  }

  private end(): void {
    this.leave();
    this.context.main.proceed();
  }

  private leave(): void {
    this.current = undefined;
    this.endDiversion?.();
    this.endDiversion = undefined;
  }

  private portOf(dlci: number): Port {
    const known = this.virtual.get(dlci);
    if (known !== undefined) return known;
    const made = this.context.newPort(dlci);
    this.virtual.set(dlci, made);
    return made;
  }
}

import { DO, DONT, negotiation, WILL, WONT } from './telnet.js';

/** Whether an option is on at one side: unknown, asked for, or decided. */
type Side = 'off' | 'asked' | 'on' | 'refused';

/**
 * Negotiates Telnet options so that it ends: a request is answered only when it changes something
 * (RFC 854, RFC 1143), whatever the other side keeps saying.
 */
export class Options {
  private readonly ours = new Map<number, Side>();
  private readonly theirs = new Map<number, Side>();
  private readonly send: (bytes: Uint8Array) => void;
  private readonly onOurs: (option: number, on: boolean) => void;

  /** `onOurs` is called when an option that this side offered was agreed on or refused. */
  constructor(send: (bytes: Uint8Array) => void, onOurs: (option: number, on: boolean) => void) {
    this.send = send;
    this.onOurs = onOurs;
  }

  /** Offers an option of this side. */
  offer(option: number): void {
    this.ours.set(option, 'asked');
    this.send(negotiation(WILL, option));
  }

  /** Asks the other side for an option. */
  ask(option: number): void {
    this.theirs.set(option, 'asked');
    this.send(negotiation(DO, option));
  }

  /** What the other side says. Only what was offered or asked for is agreed to. */
  receive(verb: number, option: number): void {
    if (verb === DO || verb === DONT) this.decide(this.ours, option, verb === DO, WONT);
    if (verb === WILL || verb === WONT) this.decide(this.theirs, option, verb === WILL, DONT);
  }

  private decide(side: Map<number, Side>, option: number, wanted: boolean, refusal: number): void {
    const before = side.get(option) ?? 'off';
    if (wanted && (before === 'off' || before === 'refused')) {
      if (before === 'off') this.send(negotiation(refusal, option));
      side.set(option, 'refused');
      return;
    }
    const after: Side = wanted ? 'on' : 'refused';
    if (after === before || before === 'off') return;
    // Going off is confirmed once; agreeing to what was asked needs no answer.
    if (before === 'on') this.send(negotiation(refusal, option));
    side.set(option, after);
    if (side === this.ours) this.onOurs(option, wanted);
  }
}

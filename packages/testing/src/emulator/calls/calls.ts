import type { CallEnd } from '../../networks/mobile/call.js';
import { addressOf } from '../../networks/mobile/tpdu/address.js';
import { timeText } from '../../networks/mobile/tpdu/time-stamp.js';
import { Alarm } from '../clock.js';
import { realTimeClockOf } from '../mobile/clock.js';
import type { Module } from '../module.js';
import { perModule } from '../per-module.js';
import { callSettings } from './call-settings.js';
import { isTalking, type ModuleCall } from './module-call.js';

/** Time in ms between two `RING` (AT command manual, 2.2.2). */
const RING_PERIOD = 6_000;

/** `<type>` of a number that is not shown (AT command manual, 7.2.10). */
const RESTRICTED = 128;

/** `<stat>` of `+CLCC` (AT command manual, 7.2.6). */
const STATES = { active: 0, held: 1, dialling: 2, alerting: 3, ringing: 4, waiting: 5, ended: 6 } as const;

/** Why the last call ended, as `AT+CEER` tells it (AT command manual, 28.2). */
const CAUSES = {
  'hung up': '16 Normal call clearing',
  rejected: '21 Call rejected',
  busy: '17 User busy',
  'not answered': '19 User alerting: no answer',
  unreachable: '1 Unassigned number',
} as const;

/** The module's voice calls. */
export class Calls {
  /** `AT+CEER`. */
  lastCause = '0 Unknown';
  private readonly module: Module;
  private readonly ringing: Alarm;
  private current: ModuleCall[] = [];
  private rings = 0;

  constructor(module: Module) {
    this.module = module;
    this.ringing = new Alarm(module.clock);
  }

  get all(): readonly ModuleCall[] {
    return this.current;
  }

  /** The call that rings, or waits while another one is active. */
  get incoming(): ModuleCall | undefined {
    return this.current.find(({ end }) => end.state === 'ringing');
  }

  get active(): ModuleCall | undefined {
    return this.current.find(isTalking);
  }

  /** A call comes in; false when the module is busy. */
  ring(end: CallEnd): boolean {
    const busy = this.current.length > 0;
    const waits =
      callSettings.waiting.get(this.module) === 1 &&
      this.current.length === 1 &&
      this.current[0]?.end.state === 'active';
    if (busy && !waits) return false;
    this.add(end, busy);
    return true;
  }

  /** Dials a number; a call that is under way is put on hold (3GPP TS 22.030, 6.5.5.1). */
  dial(end: CallEnd): void {
    for (const call of this.current) if (isTalking(call)) call.held = true;
    const call = this.add(end, false);
    if (end.state === 'ended') this.over(call);
    else this.listed(call);
  }

  /** Answers the call that rings; false when there is none. */
  answer(): boolean {
    const { incoming } = this;
    if (incoming === undefined) return false;
    incoming.end.answer();
    return true;
  }

  /** Hangs up all of them. */
  hangUp(): void {
    for (const { end } of [...this.current]) end.hangUp();
  }

  /** The module goes off, or loses the network: the other ends notice, the host does not. */
  drop(): void {
    const dropped = this.current;
    this.current = [];
    this.ringing.cancel();
    for (const { end } of dropped) end.hangUp();
  }

  /** `+CLCC` of one call. */
  listing(call: ModuleCall): string {
    const { id, end, waiting, held } = call;
    const waits = waiting && end.state === 'ringing';
    const state = held && end.state === 'active' ? STATES.held : waits ? STATES.waiting : STATES[end.state];
    const joined = isTalking(call) && this.current.filter(isTalking).length > 1;
    const direction = end.direction === 'incoming' ? 1 : 0;
    return `+CLCC: ${id},${direction},${state},0,${joined ? 1 : 0},${this.number(end)}`;
  }

  private add(end: CallEnd, waiting: boolean): ModuleCall {
    const used = this.current.map(({ id }) => id);
    const id = [1, 2, 3].find((candidate) => !used.includes(candidate)) ?? 1;
    const call: ModuleCall = { id, end, answered: undefined, waiting, held: false };
    this.current.push(call);
    end.states$.subscribe((state) => {
      if (!this.current.includes(call)) return;
      if (state === 'active') this.begun(call);
      else if (state === 'ended') this.over(call);
      else if (state === 'ringing') this.rang(call);
      else this.listed(call);
    });
    return call;
  }

  private rang(call: ModuleCall): void {
    this.rings = 0;
    if (call.waiting) this.module.report(`+CCWA: ${this.number(call.end)},1`);
    else this.printRing();
    this.listed(call);
  }

  private begun(call: ModuleCall): void {
    this.ringing.cancel();
    call.answered = this.module.clock.now();
    this.presentConnected(call.end);
    this.module.report('VOICE CALL: BEGIN');
    this.listed(call);
  }

  /** `AT+COLP=1` shows who has answered (3GPP TS 27.007, 7.8). */
  private presentConnected(end: CallEnd): void {
    if (end.direction !== 'outgoing' || callSettings.connectedLine.get(this.module) === 0) return;
    this.module.report(`+COLP: ${this.number(end)}`);
  }

  /** Sends tones of a call that is under way, one after another (`AT+VTS`, `AT+VTD`). */
  sendTones(tones: string): void {
    const { active, module } = this;
    const time = callSettings.toneTime.get(module);
    for (const [index, tone] of [...tones].entries()) {
      module.clock.after(index * time, () => active?.end.sendTones(tone));
    }
  }

  private over(call: ModuleCall): void {
    const { module } = this;
    this.current = this.current.filter((other) => other !== call);
    if (call.end.direction === 'incoming') this.ringing.cancel();
    this.lastCause = CAUSES[call.end.ended ?? 'hung up'];
    module.report(this.farewell(call, module.clock.now()));
    this.listed(call);
  }

  /** What is printed at the end of a call. */
  private farewell({ end, answered }: ModuleCall, ended: number): string {
    if (answered !== undefined) return `VOICE CALL: END: ${durationText(ended - answered)}`;
    if (end.direction === 'incoming' && end.ended === 'not answered') {
      return `MISSED_CALL: ${this.timeOfDay()} ${end.number}`;
    }
    const byNetwork = end.direction === 'outgoing' && end.ended !== 'not answered';
    return byNetwork ? 'NO CARRIER' : 'VOICE CALL: END';
  }

  private timeOfDay(): string {
    const text = timeText(realTimeClockOf(this.module).now());
    const hour = Number(text.slice(9, 11));
    const shown = String(((hour + 11) % 12) + 1).padStart(2, '0');
    return `${shown}${text.slice(11, 14)}${hour < 12 ? 'AM' : 'PM'}`;
  }

  private printRing(): void {
    const { module } = this;
    const { incoming } = this;
    if (incoming === undefined) return;
    this.rings += 1;
    module.report(callSettings.extendedRing.get(module) === 1 ? '+CRING: VOICE' : 'RING');
    const withheld = incoming.end.number === '' ? 1 : 0;
    if (callSettings.lineIdentification.get(module) === 1) {
      module.report(`+CLIP: ${this.number(incoming.end)},,,,${withheld}`);
    }
    const { ringsToAnswer } = module.port.settings;
    if (ringsToAnswer > 0 && this.rings >= ringsToAnswer) incoming.end.answer();
    else this.ringing.set(RING_PERIOD, () => this.printRing());
  }

  /** `AT+CLCC=1` reports each change. */
  private listed(call: ModuleCall): void {
    if (callSettings.listing.get(this.module) === 1) this.module.report(this.listing(call));
  }

  private number({ number }: CallEnd): string {
    return number === '' ? `"",${RESTRICTED}` : `"${number}",${addressOf(number).type}`;
  }
}

/** `HHMMSS` (AT command manual, 7.2.2). */
function durationText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return [seconds / 3600, (seconds / 60) % 60, seconds % 60]
    .map((part) => String(Math.floor(part)).padStart(2, '0'))
    .join('');
}

export const callsOf = perModule((module) => {
  const calls = new Calls(module);
  module.watchPower((power) => {
    if (power === 'off') calls.drop();
  });
  module.radio.watch(() => {
    if (!module.radio.serving) calls.drop();
  });
  return calls;
});

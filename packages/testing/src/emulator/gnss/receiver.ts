import { Alarm } from '../clock.js';
import type { Module } from '../module.js';
import { perModule } from '../per-module.js';
import { type Fix, nmea, SENTENCES } from './nmea.js';
import { systemsOf, talkerOf } from './systems.js';
import type { Position } from './track.js';

/** How much a receiver knows when it starts. */
export type StartKind = 'cold' | 'warm' | 'hot';

/** `AT+CGNSSNMEA` after a start: all but ZDA and GST. */
const SENTENCE_RATES: readonly number[] = [1, 1, 1, 1, 1, 1, 0, 0];

/** `AT+CGNSSIPR` after a start, in bit/s. */
export const USUAL_SPEED = 115_200;

/** Of 8N1: a start bit, eight of data, a stop bit. */
const BITS_A_BYTE = 10;
const LINE_END = 2;

/** The GNSS receiver in the module. */
export class Receiver {
  /** Sentences a second: `AT+CGPSNMEARATE`. */
  rate = 1;
  /** `AT+CGNSSTST`: sentences are printed. */
  prints = false;
  /** `AT+CGNSSPORTSWITCH`: parsed data and sentences go to the UART. */
  parsedToUart = 0;
  sentencesToUart = 0;
  /** `AT+CGNSSNMEA`: every how many fixes each sentence comes. */
  sentenceRates = SENTENCE_RATES;
  /** `AT+CGNSSIPR`: speed in bit/s of the line between the receiver and the module. */
  speed = USUAL_SPEED;
  private readonly module: Module;
  private readonly starting: Alarm;
  private readonly ticking: Alarm;
  private readonly reporting: Alarm;
  private readonly made: number;
  private state: 'off' | 'starting' | 'on' = 'off';
  /** From then on there is a fix, where there is a sky. */
  private fixedFrom = Number.POSITIVE_INFINITY;
  /** It has had a fix before, so that the next start is a hot one. */
  private experienced = false;

  constructor(module: Module) {
    this.module = module;
    this.starting = new Alarm(module.clock);
    this.ticking = new Alarm(module.clock);
    this.reporting = new Alarm(module.clock);
    this.made = module.clock.now();
  }

  get on(): boolean {
    return this.state !== 'off';
  }

  /** It takes commands: `+CGNSSPWR: READY!` has been printed. */
  get ready(): boolean {
    return this.state === 'on';
  }

  /** Switches on; `ready` is called once it takes commands. */
  switchOn(ready: () => void): void {
    if (this.state !== 'off') return;
    const { clock, timing } = this.module;
    this.state = 'starting';
    const begin = () => {
      this.state = 'on';
      this.restart(this.experienced ? 'hot' : 'cold');
      ready();
    };
    if (timing.gnss.start > 0) this.starting.set(timing.gnss.start, begin);
    else clock.after(0, begin);
  }

  switchOff(): void {
    for (const alarm of [this.starting, this.ticking, this.reporting]) alarm.cancel();
    this.experienced ||= this.fix().position !== undefined;
    this.state = 'off';
    this.fixedFrom = Number.POSITIVE_INFINITY;
  }

  /** Searches again, knowing more or less. */
  restart(kind: StartKind): void {
    const { clock, timing } = this.module;
    this.fixedFrom = clock.now() + timing.gnss[kind];
    this.tick();
  }

  /** What it knows now. */
  fix(): Fix {
    const { clock, mobile, surroundings } = this.module;
    const fixed = this.state === 'on' && clock.now() >= this.fixedFrom;
    const position = fixed ? surroundings.position?.at(this.age) : undefined;
    return { at: mobile.now(), position, systems: systemsOf(this.module), talker: talkerOf(this.module) };
  }

  /** ms since the module was made, by which tracks go. */
  get age(): number {
    return this.module.clock.now() - this.made;
  }

  /** Calls `print` now and then, as `AT+CGPSINFO=<time>` asks; 0 ends that. */
  reportEvery(seconds: number, print: () => void): void {
    this.reporting.cancel();
    if (seconds === 0) return;
    this.reporting.set(seconds * 1000, () => {
      print();
      this.reportEvery(seconds, print);
    });
  }

  /** Begins or goes on to print sentences. */
  tick(): void {
    this.ticking.cancel();
    if (!this.ready || !this.prints) return;
    this.ticking.set(1000 / this.rate, () => {
      this.printSentences();
      this.tick();
    });
  }

  private printSentences(): void {
    const fix = this.fix();
    // What the line cannot carry until the next fix is not sent.
    let room = this.speed / BITS_A_BYTE / this.rate;
    for (const [index, kind] of SENTENCES.entries()) {
      if ((this.sentenceRates[index] ?? 0) === 0) continue;
      for (const text of nmea(kind, fix)) {
        room -= text.length + LINE_END;
        if (room >= 0) this.print(text);
      }
    }
  }

  /** To the NMEA port, unless `AT+CGNSSPORTSWITCH` says otherwise. */
  private print(text: string): void {
    if (this.sentencesToUart === 1) this.module.report(text);
    else this.module.printNmea(text);
  }

  /** A restart of the module: everything is as it was at first. */
  forget(): void {
    this.switchOff();
    this.rate = 1;
    this.prints = false;
    this.parsedToUart = 0;
    this.sentencesToUart = 0;
    this.sentenceRates = SENTENCE_RATES;
    this.speed = USUAL_SPEED;
  }
}

/** Where the module is, whether its receiver knows it or not. */
export function placeOf(module: Module): Position | undefined {
  return module.surroundings.position?.at(receiverOf(module).age);
}

export const receiverOf = perModule((module) => {
  const receiver = new Receiver(module);
  module.watchPower((power) => {
    if (power === 'off') receiver.forget();
  });
  return receiver;
});

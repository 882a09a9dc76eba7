/**
 * What the page and its worker say to each other. The module, the programs and everything that waits live in the
 * worker; the page shows.
 *
 * @module
 */
import type { Diagnosis } from '@a7600/diagnostics/doctor';
import type { EntryKind, Shown } from '@a7600/diagnostics/terminal';
import type { OnlineStatus, Statistics } from '@a7600/tcpip';

/** Firmware of the emulated module. */
export const profiles = {
  a76xx: 'A7670 series',
  sim7600: 'SIM7600 series',
  note100: 'application note 1.00',
};
/** How the emulated module is connected to the page. */
export const lines = { fast: 'no delay', 115200: '115,200 baud', 921600: '921,600 baud' };
/** What the emulated mobile network is like. */
export const networks = { near: 'no delay', good: 'good: 60 ms', poor: 'poor: 400 ms, slow, lossy' };

/** An emulated module. */
export interface Emulated {
  readonly kind: 'emulated';
  readonly profile: keyof typeof profiles;
  readonly line: keyof typeof lines;
  readonly network: keyof typeof networks;
}

/** What the page looks at. */
export type Source =
  | Emulated
  /** `port`: its index in `navigator.serial.getPorts()`. */
  | { readonly kind: 'serial'; readonly port: number; readonly baudRate: number }
  | { readonly kind: 'recording'; readonly name: string; readonly text: string };

/** Something that happens to an emulated module from outside. */
export type Fault = 'bearer' | 'bytes' | 'restart' | 'antenna' | 'unplug';

/** How the dialogue is saved. */
export type Format = 'recording' | 'full recording' | 'capture';

/** What the page asks of the worker. */
export type Request =
  | { readonly kind: 'open'; readonly source: Source }
  | { readonly kind: 'close' }
  | { readonly kind: 'run'; readonly name: string; readonly text: string; readonly check: boolean }
  | { readonly kind: 'stop' }
  /** Calls the echo server on the module from outside. */
  | { readonly kind: 'call' }
  | { readonly kind: 'fault'; readonly fault: Fault }
  | { readonly kind: 'type'; readonly line: string }
  | { readonly kind: 'examine' }
  /** Gives the bundle of the last examination. */
  | { readonly kind: 'bundle' }
  | { readonly kind: 'save'; readonly format: Format }
  /** The last {@link Batch} was shown: the next one may come. */
  | { readonly kind: 'taken' };

/** An entry of the dialogue: a command, a line, or a chunk of payload. */
export interface Entry {
  /** Its number, from 0. */
  readonly id: number;
  /** Time since the source was opened, in ms. */
  readonly at: number;
  readonly way: 'sent' | 'received';
  /** The bytes, a character each; `█` is one that was removed from a recording. */
  readonly text: string;
  readonly kind: EntryKind;
  /** The command line that it answers. */
  readonly command?: string | undefined;
}

/** One of the ten links. */
export interface LinkFacts {
  readonly state: 'free' | 'opening' | 'open';
  readonly kind?: string | undefined;
  readonly peer?: string | undefined;
  /** Bytes of payload since it was opened. */
  readonly sent: number;
  readonly received: number;
}

/** What the dialogue says about the module. */
export interface Facts {
  /** The stations on the way online, as far as the module has come. */
  readonly reached: Readonly<Record<Station, boolean>>;
  /** What `ATI` answered: model, revision, IMEI. */
  readonly identity: Readonly<Partial<Record<'manufacturer' | 'model' | 'revision' | 'imei', string>>>;
  readonly sim: string | undefined;
  readonly registration: string | undefined;
  readonly operator: string | undefined;
  readonly address: string | undefined;
  /** `<rssi>` of `AT+CSQ`. */
  readonly rssi: number | undefined;
  readonly links: readonly LinkFacts[];
  readonly servers: readonly number[];
}

/** What has to work, one after the other, before a program is online. */
export const stations = ['port', 'module', 'sim', 'registration', 'network'] as const;
/** One of {@link stations}. */
export type Station = (typeof stations)[number];

/** Where `keepOnline` stands, as plain data. */
export interface Online {
  readonly state: OnlineStatus['state'];
  /** What the modem waits for while it is opened. */
  readonly waitsFor: string | undefined;
  readonly step:
    | {
        readonly level: string;
        readonly attempt: number;
        readonly delay: number;
        readonly error: string;
      }
    | undefined;
}

/** A program on the page. */
export interface ProgramState {
  readonly name: string;
  readonly state: 'running' | 'done' | 'stopped' | 'failed';
  readonly error?: string | undefined;
}

/** What the page shows, apart from lists. */
export interface PageState {
  readonly source: Source['kind'] | undefined;
  readonly title: string;
  readonly port: 'closed' | 'opening' | 'open';
  /** Who uses the port. */
  readonly task: 'nothing' | 'program' | 'terminal' | 'doctor';
  readonly terminal: 'command' | 'payload' | 'data';
  readonly program: ProgramState | undefined;
  readonly facts: Facts;
  /** Bytes on the wire. */
  readonly bytes: { readonly sent: number; readonly received: number };
  readonly online: Online | undefined;
  /** How far the modem has come while it is opened. */
  readonly modem: string | undefined;
  readonly counters: Statistics | undefined;
  /** Bytes that the emulated line lost because a port was full. */
  readonly overruns: number;
  /** What the self-check of the echo server says. */
  readonly check: string | undefined;
  readonly faults: { readonly bytes: boolean; readonly antenna: boolean; readonly unplugged: boolean };
  /** The last fault, in words. */
  readonly fault: string | undefined;
  /** Entries of the dialogue that are kept, and those that made room for them. */
  readonly journal: { readonly kept: number; readonly discarded: number };
  readonly error: { readonly message: string; readonly advice: string } | undefined;
}

/** Something over time, for the plots; times in s since the source was opened. */
export interface Sample {
  readonly at: number;
  readonly rssi: number | undefined;
  /** Bytes per second. */
  readonly sent: number;
  readonly received: number;
}

/** Everything that has happened since the last batch. */
export interface Batch {
  readonly state: Partial<PageState>;
  /** A new source was opened: what is shown is of the old one. */
  readonly reset: boolean;
  readonly entries: readonly Entry[];
  readonly samples: readonly Sample[];
  readonly shown: readonly Shown[];
  readonly printed: readonly string[];
  readonly diagnoses: readonly (Diagnosis | 'begin')[];
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

import type { RecordingEntry } from '@a7600/transport/recording';
import { classifier, type Step } from '../capture/classify.js';
import { Links } from '../capture/links.js';
import { decodedLines } from '../dialogue/lines.js';

/** A stretch of time, in ms from the beginning of the recording. */
export interface Span {
  readonly from: number;
  to: number;
}

/** A command with its answer. */
export interface CommandSpan extends Span {
  readonly text: string;
  /** The final result; undefined if there was none. */
  result: string | undefined;
}

/** One connection of a link. */
export interface LinkSpan extends Span {
  readonly link: number;
  sent: number;
  received: number;
  /** When how many bytes passed. */
  readonly transfers: {
    readonly at: number;
    readonly direction: 'sent' | 'received';
    readonly size: number;
  }[];
}

/** What a recording shows over time. */
export interface Timeline {
  /** Length of the recording in ms. */
  readonly length: number;
  readonly commands: readonly CommandSpan[];
  readonly links: readonly LinkSpan[];
  /** Lines that no command asked for. */
  readonly notifications: readonly { readonly at: number; readonly text: string }[];
  /** What changed: network, registration, SIM, start of the module. */
  readonly states: readonly { readonly at: number; readonly text: string }[];
  /** `<rssi>` of `+CSQ`, 0 to 31. */
  readonly signal: readonly { readonly at: number; readonly rssi: number }[];
  /** Bytes on the line, payload included. */
  readonly line: readonly {
    readonly at: number;
    readonly direction: 'sent' | 'received';
    readonly size: number;
  }[];
}

/** V.250, section 5.7, 3GPP TS 27.005 and 27.007: what ends an answer. */
const FINAL = /^(?:OK|ERROR|NO CARRIER|CONNECT(?: .*)?|\+CM[ES] ERROR: .*|\+IP ERROR: .*)$/;
const STATE = [
  /^\+NETOPEN: \d$/,
  /^\+NETCLOSE: \d$/,
  /^\+CIPEVENT: .*/,
  /^\+C(?:G|E)?REG: .*/,
  /^\+CPIN: .*/,
  /^(?:\*ATREADY: \d|RDY|PB DONE|SMS DONE|POWERED DOWN|NORMAL POWER DOWN)$/,
];

/**
 * Reads a recording as what happened when.
 *
 * @param entries the entries, in order
 * @returns the timeline
 */
export function timelineOf(entries: readonly RecordingEntry[]): Timeline {
  const classify = classifier();
  const links = new Links();
  const commands: CommandSpan[] = [];
  const spans: LinkSpan[] = [];
  const notifications: Timeline['notifications'][number][] = [];
  const states: Timeline['states'][number][] = [];
  const signal: Timeline['signal'][number][] = [];
  const open = new Map<number, LinkSpan>();
  const length = entries.at(-1)?.at ?? 0;

  const line = (at: number, step: Extract<Step, { kind: 'line' }>) => {
    const text = step.text.trim();
    const command = commands.at(-1);
    const isAsked = command !== undefined && command.result === undefined;
    if (text === '' || text === '>' || (isAsked && text === command.text)) return;
    const [, rssi] = /^\+CSQ: (\d+),/.exec(text) ?? [];
    if (rssi !== undefined && Number(rssi) <= 31) signal.push({ at, rssi: Number(rssi) });
    if (STATE.some((pattern) => pattern.test(text))) states.push({ at, text });
    if (isAsked && FINAL.test(text)) Object.assign(command, { to: at, result: text });
    else if (!isAsked || !answers(command.text, text)) notifications.push({ at, text });
  };

  for (const entry of entries) {
    const { at } = entry;
    const step = classify(entry);
    if (step.kind === 'command' && step.text.trim() !== '') {
      commands.push({ from: at, to: at, text: step.text.trim(), result: undefined });
    } else if (step.kind === 'line') line(at, step);
    for (const { link, event, direction, size } of links.follow(step)) {
      let span = open.get(link);
      if (span === undefined && event === 'close') continue;
      if (span === undefined) {
        span = { link, from: at, to: length, sent: 0, received: 0, transfers: [] };
        spans.push(span);
        open.set(link, span);
      }
      if (event === 'data') {
        span[direction] += size;
        span.transfers.push({ at, direction, size });
      } else if (event === 'close') {
        span.to = at;
        open.delete(link);
      }
    }
  }
  // A command that was not answered lasts until the next one, or to the end.
  for (const [index, command] of commands.entries()) {
    if (command.result === undefined) command.to = commands[index + 1]?.from ?? length;
  }
  const bytes = entries.map(({ at, way, text }) => ({ at, direction: way, size: text.length }));
  return { length, commands, links: spans, notifications, states, signal, line: bytes };
}

/** Whether a line that comes while a command is on the wire is a part of its answer. */
function answers(command: string, line: string): boolean {
  const [, name] = /^(\+\w+):/.exec(line) ?? [];
  if (name !== undefined && command.toUpperCase().includes(name.toUpperCase())) return true;
  // ATI answers in lines of many forms: only what the module is known to print by itself is something else.
  return !decodedLines(line).some(({ kind }) => kind === 'urc');
}

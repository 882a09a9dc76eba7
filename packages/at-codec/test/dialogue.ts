import { a7600 } from '../src/a7600.js';
import type { Command } from '../src/command.js';
import { createDecoder } from '../src/decoder/decoder.js';
import { type Exchange, exchange } from '../src/exchange.js';
import { bytesOf, textOf } from './decode.js';
import type { Reply } from './forms/index.js';

/** How a module prints, where modules differ. */
export interface Style {
  /** The command line and the payload come back. */
  readonly echo: boolean;
  /** An empty line between the lines of an answer (field note 10.1.5). */
  readonly emptyLines: boolean;
  /** After a name. */
  readonly colon: ':' | ': ' | ' : ';
  /** Between parameters. */
  readonly comma: ',' | ', ';
  /** The outcome stands before `OK`. */
  readonly outcomeFirst: boolean;
}

/** A line of an answer in the style of a module. */
export function spelled(line: string, { colon, comma }: Pick<Style, 'colon' | 'comma'>): string {
  const named = /^([+*][^:"]*?)\s*:\s*(.*)$/.exec(line);
  if (named === null) return line;
  const [, name = '', parameters = ''] = named;
  return (
    name +
    colon +
    parameters
      .split(/("[^"]*")/)
      .map((part, at) => (at % 2 === 0 ? part.replaceAll(',', comma) : part))
      .join('')
  );
}

/** What a module prints for a command, in chunks between which other frames may come. */
export function printed(command: Command<unknown>, reply: Reply<unknown>, style: Style): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  const print = (text: string) => chunks.push(bytesOf(text));
  if (style.echo && command.guard === undefined) print(`${command.text}\r`);
  if (command.payload !== undefined) {
    print('\r\n>');
    if (style.echo) chunks.push(command.payload);
  }
  const lines = (reply.lines ?? []).map((line) => spelled(line, style));
  if (reply.block !== undefined) {
    const [header] = lines;
    print(`\r\n${header}\r\n${textOf(reply.block)}`);
  } else {
    for (const [at, line] of lines.entries())
      print(`${at === 0 || style.emptyLines ? '\r\n' : ''}${line}\r\n`);
  }
  const result = `\r\n${reply.result ?? 'OK'}\r\n`;
  const outcome = reply.outcome === undefined ? [] : [`\r\n${spelled(reply.outcome, style)}\r\n`];
  for (const text of style.outcomeFirst ? [...outcome, result] : [result, ...outcome]) print(text);
  return chunks;
}

/** What a {@link Conversations} has seen apart from the answers. */
export type Foreign = string;

/**
 * Commands one after the other on one wire, as a lane runs them: one is in flight, those that wait
 * for their outcome have the second claim on a line.
 */
export class Conversations {
  /** What no command claimed. */
  readonly foreign: Foreign[] = [];
  private readonly outstanding: Exchange[] = [];
  private current: Exchange | undefined;
  private readonly decoder = createDecoder(a7600, (event) => {
    const { current } = this;
    if (current?.offer(event)) {
      if (event.kind === 'prompt' && current.echoed) this.decoder.expectEcho(current.command.payload);
      if (current.phase !== 'answer') this.current = undefined;
      if (current.phase === 'outcome') this.outstanding.push(current);
    } else if (!this.outstanding.some((waiting) => waiting.offer(event))) {
      this.foreign.push('text' in event ? event.text : `${event.kind} ${textOf(event.raw)}`);
    }
  });

  /** Sends a command. */
  send<R>(command: Command<R>): Exchange<R> {
    const sent = exchange(command);
    this.current = sent;
    this.decoder.awaitPrompt(command.payload !== undefined);
    this.decoder.expectEcho(undefined);
    return sent;
  }

  /** The module prints. */
  hear(...chunks: readonly Uint8Array[]): void {
    for (const chunk of chunks) this.decoder.push(chunk);
  }
}

import { type Command, cipAck, type LinkProgress, unreadable } from '@a7600/at-codec';
import { EMPTY } from 'rxjs';
import type { Disposer } from '../base/disposer.js';
import type { BearerEvidence } from './bearer-evidence.js';
import type { Question } from './joint-question.js';

/** A TCP connection whose acknowledgements are watched. */
export interface Acknowledging {
  readonly link: number;
  readonly host: string;
  /** Bytes that the module has taken so far. */
  readonly written: number;
  readonly isOpen: boolean;
}

interface Watched {
  readonly connection: Acknowledging;
  /** Bytes that the peer had acknowledged when the module was asked last. */
  acknowledged: number;
  /** Others were not acknowledged then. */
  waiting: boolean;
}

/**
 * Asks what the peers of TCP connections have acknowledged (`AT+CIPACK`), while one of them has not
 * acknowledged all: progress shows that data passes, and none for an interval that it may not.
 */
export class Acknowledgements implements Question<readonly LinkProgress[]> {
  private readonly bearer: BearerEvidence;
  private watched: readonly Watched[] = [];
  private asked: readonly Watched[] = [];

  constructor(bearer: BearerEvidence) {
    this.bearer = bearer;
  }

  add(connection: Acknowledging): Disposer {
    const added: Watched = { connection, acknowledged: 0, waiting: false };
    this.watched = [...this.watched, added];
    return () => {
      this.watched = this.watched.filter((other) => other !== added);
    };
  }

  readonly applies = (): boolean => this.open.length > 0;

  /** `AT+CIPACK=9;+CIPACK=8`: the answers say no link, so that only their order tells them apart. */
  get command(): Command<readonly LinkProgress[]> {
    this.asked = this.open;
    const commands = this.asked.map(({ connection }) => cipAck({ link: connection.link }));
    const [first] = commands as [Command<LinkProgress>];
    const texts = commands.map(({ text }) => text.slice(2));
    const { length } = commands;
    return {
      ...first,
      text: `AT${texts.join(';')}`,
      label: `AT${texts.join(';')}`,
      timeout: length * first.timeout,
      read: ({ lines, ...rest }) => {
        if (lines.length !== length) throw unreadable(`${lines.length} lines +CIPACK instead of ${length}`);
        return lines.map((line) => first.read({ ...rest, lines: [line], line }));
      },
    };
  }

  readonly found = (progress: readonly LinkProgress[]) => {
    for (const [index, watched] of this.asked.entries()) {
      const now = progress[index];
      if (now !== undefined && this.watched.includes(watched)) this.note(watched, now);
    }
    return EMPTY;
  };

  private get open(): readonly Watched[] {
    return this.watched.filter(
      ({ connection, acknowledged }) => connection.isOpen && connection.written > acknowledged,
    );
  }

  private note(watched: Watched, { sent, acknowledged }: LinkProgress): void {
    if (acknowledged > watched.acknowledged) this.bearer.passed();
    else if (sent > acknowledged && watched.waiting) this.bearer.failed(watched.connection.host);
    watched.waiting = sent > acknowledged;
    watched.acknowledged = acknowledged;
  }
}

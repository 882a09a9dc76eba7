import { type Answer, type Command, type Line, type LinkProgress, unreadable } from '@a7600/at-codec';
import { concat, EMPTY, type Observable } from 'rxjs';
import type { Disposer } from '../base/disposer.js';
import { progress } from '../links/link-commands.js';
import type { BearerEvidence } from './bearer-evidence.js';
import type { Question } from './joint-question.js';

const NONE: readonly never[] = [];

/** A TCP connection whose acknowledgements are watched. */
export interface Acknowledging {
  readonly link: number;
  readonly host: string;
  /** Bytes that the module has taken so far. */
  readonly written: number;
  readonly isOpen: boolean;
  /** The module has told what it counts; what is returned is subscribed to. */
  counted(progress: LinkProgress): Observable<unknown>;
}

interface Watched {
  readonly connection: Acknowledging;
  /** Bytes that the peer had acknowledged when the module was asked last. */
  acknowledged: number;
  /** Others were not acknowledged then. */
  waiting: boolean;
}

/**
 * Asks what the module counts of TCP connections (`AT+CIPACK`). What the peers have acknowledged since shows that data
 * passes, and nothing for an interval, while something is to be acknowledged, that it may not; what was sent and received
 * shows whether another program has used a connection.
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
    const commands = this.asked.map(({ connection }) => progress(connection.link));
    const [first] = commands as [Command<LinkProgress>];
    const texts = commands.map(({ text }) => text.slice(2));
    const { length } = commands;
    return {
      ...first,
      text: `AT${texts.join(';')}`,
      label: `AT${texts.join(';')}`,
      timeout: length * first.timeout,
      read: ({ lines }) => {
        if (lines.length !== length) throw unreadable(`${lines.length} lines +CIPACK instead of ${length}`);
        return lines.map((line) => first.read(answerOf(line)));
      },
    };
  }

  readonly found = (progress: readonly LinkProgress[]): Observable<unknown> => {
    const actions: Observable<unknown>[] = [];
    for (const [index, watched] of this.asked.entries()) {
      const now = progress[index];
      if (now === undefined || !this.watched.includes(watched)) continue;
      const action$ = this.note(watched, now);
      if (action$ !== EMPTY) actions.push(action$);
    }
    return actions.length === 0 ? EMPTY : concat(...actions);
  };

  private get open(): readonly Watched[] {
    return this.watched.filter(({ connection }) => connection.isOpen);
  }

  private note(watched: Watched, progress: LinkProgress): Observable<unknown> {
    const { sent, acknowledged } = progress;
    if (acknowledged > watched.acknowledged) this.bearer.passed();
    else if (sent > acknowledged && watched.waiting) this.bearer.failed(watched.connection.host);
    watched.waiting = sent > acknowledged;
    watched.acknowledged = acknowledged;
    return watched.connection.counted(progress);
  }
}

/** An answer of that line alone. */
function answerOf(line: Line): Answer {
  return { lines: [line], line, outcome: undefined, payload: NONE, payloadOf: () => NONE };
}

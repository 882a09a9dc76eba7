import { type Observable, Subject } from 'rxjs';

/** `alerting` for who calls, `ringing` for who is called. */
export type CallState = 'dialling' | 'alerting' | 'ringing' | 'active' | 'ended';

/** Why a call ended. */
export type CallEnded = 'hung up' | 'rejected' | 'busy' | 'not answered' | 'unreachable';

/** A voice call as one of its two terminals sees it. No sound is transported. */
export interface CallEnd {
  /** The other's number; empty when it is withheld. */
  readonly number: string;
  /** Whether this end has made the call or was called. */
  readonly direction: 'outgoing' | 'incoming';
  /** How far it is. */
  readonly state: CallState;
  /** Set once it has ended. */
  readonly ended: CallEnded | undefined;
  /** Hot, no replay: each change of state; completes at the end. */
  readonly states$: Observable<CallState>;
  /** Hot, no replay: the digits that the other sends as tones. */
  readonly tones$: Observable<string>;
  /** Takes an incoming call; nothing where there is none to take. */
  answer(): void;
  /** Ends the call in any state; before it was answered, the called end rejects it. */
  hangUp(): void;
  /**
   * Sends digits as tones to the other end; nothing unless the call is active.
   *
   * @param digits `0` to `9`, `*`, `#` and `A` to `D`.
   */
  sendTones(digits: string): void;
}

/** Who calls whom. */
export interface Callers {
  readonly caller: string;
  readonly called: string;
}

/** The two ends of one call. */
export class Call {
  readonly caller: CallEnd;
  private phase: 'dialling' | 'ringing' | 'active' | 'ended' = 'dialling';
  private reason: CallEnded | undefined;
  private readonly from: string;
  private readonly outgoing = new End();
  private incoming = new End();
  private current: CallEnd;

  constructor({ caller, called }: Callers) {
    this.from = caller;
    this.caller = this.end('outgoing', called, this.outgoing);
    this.current = this.end('incoming', caller, this.incoming);
  }

  /** The end of the terminal that is called, which forwarding changes. */
  get called(): CallEnd {
    return this.current;
  }

  /** Whether the called terminal still rings. */
  get rings(): boolean {
    return this.phase === 'ringing';
  }

  /** The called terminal rings. */
  ring(): void {
    this.advance('dialling', 'ringing');
  }

  /**
   * Takes the call away from the called terminal, for which it ends, and keeps it for the caller.
   *
   * @returns The end for another terminal, or undefined where the call is over or was answered.
   */
  redirect(): CallEnd | undefined {
    if (this.phase === 'active' || this.phase === 'ended') return undefined;
    const left = this.incoming;
    this.incoming = new End();
    this.current = this.end('incoming', this.from, this.incoming);
    this.phase = 'dialling';
    left.finish('not answered');
    return this.current;
  }

  /** Ends the call; the first reason counts. */
  finish(reason: CallEnded): void {
    if (this.phase === 'ended') return;
    this.reason = reason;
    this.phase = 'ended';
    for (const end of [this.outgoing, this.incoming]) end.finish(reason);
  }

  private advance(from: typeof this.phase, to: 'ringing' | 'active'): void {
    if (this.phase !== from) return;
    this.phase = to;
    this.incoming.states.next(to);
    if (this.phase === to) this.outgoing.states.next(to === 'ringing' ? 'alerting' : to);
  }

  private end(direction: CallEnd['direction'], number: string, own: End): CallEnd {
    const call = this;
    return {
      number,
      direction,
      states$: own.states.asObservable(),
      tones$: own.tones.asObservable(),
      get state() {
        if (own.ended !== undefined) return 'ended';
        return call.phase === 'ringing' && direction === 'outgoing' ? 'alerting' : call.phase;
      },
      get ended() {
        return own.ended ?? call.reason;
      },
      answer() {
        if (direction === 'incoming' && own === call.incoming) call.advance('ringing', 'active');
      },
      hangUp() {
        if (own.ended !== undefined) return;
        if (call.phase === 'active') call.finish('hung up');
        else call.finish(direction === 'incoming' ? 'rejected' : 'not answered');
      },
      sendTones(digits) {
        const other = direction === 'incoming' ? call.outgoing : call.incoming;
        if (call.phase === 'active') other.tones.next(digits);
      },
    };
  }
}

class End {
  readonly states = new Subject<CallState>();
  readonly tones = new Subject<string>();
  ended: CallEnded | undefined;

  finish(reason: CallEnded): void {
    this.ended = reason;
    this.states.next('ended');
    this.states.complete();
    this.tones.complete();
  }
}

import { type Observable, Subject } from 'rxjs';

/** `alerting` for who calls, `ringing` for who is called. */
export type CallState = 'dialling' | 'alerting' | 'ringing' | 'active' | 'ended';

/** Why a call ended. */
export type CallEnded = 'hung up' | 'rejected' | 'busy' | 'not answered' | 'unreachable';

/** A voice call as one of its two terminals sees it. No sound is transported. */
export interface CallEnd {
  /** The other's number; empty when it is withheld. */
  readonly number: string;
  readonly direction: 'outgoing' | 'incoming';
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
  readonly called: CallEnd;
  private phase: 'dialling' | 'ringing' | 'active' | 'ended' = 'dialling';
  private reason: CallEnded | undefined;
  private readonly outgoing: End;
  private readonly incoming: End;

  constructor({ caller, called }: Callers) {
    this.outgoing = new End();
    this.incoming = new End();
    this.caller = this.end('outgoing', called, this.outgoing, this.incoming);
    this.called = this.end('incoming', caller, this.incoming, this.outgoing);
  }

  /** The called terminal rings. */
  ring(): void {
    this.advance('dialling', 'ringing');
  }

  /** Ends the call; the first reason counts. */
  finish(reason: CallEnded): void {
    if (this.phase === 'ended') return;
    this.reason = reason;
    this.phase = 'ended';
    for (const end of [this.outgoing, this.incoming]) end.finish();
  }

  private advance(from: typeof this.phase, to: 'ringing' | 'active'): void {
    if (this.phase !== from) return;
    this.phase = to;
    this.incoming.states.next(to);
    if (this.phase === to) this.outgoing.states.next(to === 'ringing' ? 'alerting' : to);
  }

  private end(direction: CallEnd['direction'], number: string, own: End, other: End): CallEnd {
    const call = this;
    return {
      number,
      direction,
      states$: own.states.asObservable(),
      tones$: own.tones.asObservable(),
      get state() {
        return call.phase === 'ringing' && direction === 'outgoing' ? 'alerting' : call.phase;
      },
      get ended() {
        return call.reason;
      },
      answer() {
        if (direction === 'incoming') call.advance('ringing', 'active');
      },
      hangUp() {
        if (call.phase === 'active') call.finish('hung up');
        else call.finish(direction === 'incoming' ? 'rejected' : 'not answered');
      },
      sendTones(digits) {
        if (call.phase === 'active') other.tones.next(digits);
      },
    };
  }
}

class End {
  readonly states = new Subject<CallState>();
  readonly tones = new Subject<string>();

  finish(): void {
    this.states.next('ended');
    this.states.complete();
    this.tones.complete();
  }
}

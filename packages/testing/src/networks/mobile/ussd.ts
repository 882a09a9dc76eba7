/** What a network says in a USSD session: `<m>` of `+CUSD` and its text (3GPP TS 27.007, 7.15). */
export interface UssdMessage {
  /** `question` waits for an answer; the others end the session. */
  readonly kind: 'notice' | 'question' | 'ended' | 'not supported' | 'timeout';
  /** What the subscriber is shown, where there is something. */
  readonly text?: string;
}

/**
 * Answers for a network: a text ends the session, `{ ask }` waits for what the subscriber types
 * next, undefined is a code that the network does not know.
 *
 * @param typed What the subscriber has sent in this session, the code first.
 */
export type UssdScript = (typed: readonly string[]) => string | { readonly ask: string } | undefined;

/**
 * A network with a balance, a menu, and the subscriber's own number.
 *
 * @param typed What the subscriber has sent in this session.
 * @returns The answer.
 */
export const plainUssd: UssdScript = ([code, choice]) => {
  if (code === '*100#') return 'Your balance is 12.34 EUR.';
  if (code !== '*101#') return undefined;
  if (choice === undefined) return { ask: '1 Balance\n2 Validity' };
  return (
    { 1: 'Your balance is 12.34 EUR.', 2: 'Valid until 31/12/2030.' }[choice] ?? 'There is no such choice.'
  );
};

/** The sessions of one subscriber, one at a time. */
export class UssdSession {
  private readonly script: UssdScript;
  private typed: string[] = [];

  constructor(script: UssdScript) {
    this.script = script;
  }

  send(text: string): UssdMessage {
    this.typed.push(text);
    const answer = this.script(this.typed);
    if (typeof answer === 'object') return { kind: 'question', text: answer.ask };
    this.cancel();
    return answer === undefined ? { kind: 'not supported' } : { kind: 'notice', text: answer };
  }

  cancel(): void {
    this.typed = [];
  }
}

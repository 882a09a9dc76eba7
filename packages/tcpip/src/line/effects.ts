/** How an operation ended, or why it failed. */
export type Outcome =
  | 'done'
  /** There is no connection any more, or it is being closed. */
  | 'gone'
  /** The module did not leave data mode. */
  | 'stuck'
  /** The module did not return to data mode. */
  | 'refused'
  /** A later call asked for the opposite. */
  | 'superseded';

/** How a connection ended. */
export type Ending =
  | 'closedHere'
  | 'closedByModule'
  /** The module did not confirm that it is in data mode. */
  | 'unconfirmed'
  | 'restarted'
  | 'silent'
  /** The module gave the link to another connection. */
  | 'replaced'
  /** The caller that reported the loss knows the reason. */
  | 'lost';

/** What the interpreter has to do, in order. */
export type LineEffect =
  /** Decodes lines and sends commands again; finds out first when the module has said everything (`resync`). */
  | { readonly kind: 'commandMode'; readonly resync: boolean }
  /** Sends no command until further notice. */
  | { readonly kind: 'holdCommands' }
  /** Takes every byte for data, and sends no command. */
  | { readonly kind: 'dataMode' }
  /** Reports `exhausted` once the connection has taken what was received. */
  | { readonly kind: 'reportExhausted' }
  /** Stops writing payload, and reports `held`. */
  | { readonly kind: 'holdPayload' }
  /** Writes payload again. */
  | { readonly kind: 'releasePayload' }
  /** Reports `drained` once. */
  | { readonly kind: 'drainPayload' }
  /** Keeps what arrives from now on until the doubt is resolved. */
  | { readonly kind: 'withhold' }
  /** What was kept is data. */
  | { readonly kind: 'trust' }
  /** What was kept ends with lines of the module: the connection gets what is before them. */
  | { readonly kind: 'distrust' }
  /** The link is the next client's already: what is kept begins with the module's report of it. */
  | { readonly kind: 'replaced' }
  /** Reads these lines, now that the connection is gone: they may announce the next one. */
  | { readonly kind: 'replay' }
  /** The line carries the next client's data: reports `connected` unless what was read has announced that client. */
  | { readonly kind: 'carriesNext' }
  /** Writes `+++` or drops DTR, and reports `sent`. */
  | { readonly kind: 'escape' }
  /** Writes the question whose answer is the proof, and reports `sent`. */
  | { readonly kind: 'ask' }
  /** Asks for the connection, and reports `verified`. */
  | { readonly kind: 'verify' }
  /** Queues `ATO`. */
  | { readonly kind: 'return' }
  /** Takes `ATO` out of the queue. */
  | { readonly kind: 'cancelReturn' }
  /** Asks the module to close the connection, and reports `freed`. */
  | { readonly kind: 'closeLink' }
  /** Reports `time` at that time; replaces an earlier one. */
  | { readonly kind: 'wake'; readonly at: number }
  /** Ends an operation. */
  | { readonly kind: 'settle'; readonly id: number; readonly outcome: Outcome }
  /** Tells the connection that it has ended. */
  | { readonly kind: 'endConnection'; readonly ending: Ending }
  /** The link is free. */
  | { readonly kind: 'freeLink' }
  /** The modem ends: the module has restarted, or does not answer. */
  | { readonly kind: 'endModem'; readonly why: 'restarted' | 'silent' };

export type LineEffectKind = LineEffect['kind'];

import { channel } from 'node:diagnostics_channel';
import type { FullTraceEntry } from '../base/trace.js';
import type { ModemOptions } from '../modem/options.js';
import type { ModemState } from '../session/state.js';

/** The names of the channels; each is published with what {@link DiagnosticsMessages} says. */
export const diagnosticsChannels = {
  command: 'a7600:command',
  payload: 'a7600:payload',
  received: 'a7600:received',
  counted: 'a7600:counted',
  state: 'a7600:state',
} as const;

/** What is published on the channels of {@link diagnosticsChannels}, by their keys. `name` is that of the modem. */
export interface DiagnosticsMessages {
  /** A command line that is sent, secrets hidden; `at` is the scheduler's time in ms. */
  readonly command: Extract<FullTraceEntry, { kind: 'command' }> & NamedModem;
  /** Payload that is sent, in `bytes`. */
  readonly payload: Extract<FullTraceEntry, { kind: 'payload' }> & NamedModem;
  /** What the module printed, decoded, in `event`: as it is, with secrets and payload. */
  readonly received: Extract<FullTraceEntry, { kind: 'received' }> & NamedModem;
  /** One of the counters of `Statistics` has a new value. */
  readonly counted: Extract<FullTraceEntry, { kind: 'counted' }> & NamedModem;
  /** A step on the way to a modem that is ready. */
  readonly state: ModemState & NamedModem;
}

/** Which modem a message is of. */
export interface NamedModem {
  /** Tells the modems of a process apart. */
  readonly name: string | undefined;
}

/**
 * Publishes the trace and the states of a modem on Node's diagnostics channels, for tools that observe a program without
 * a change to it: `modem(transport, withDiagnostics(options))`. Nothing is made for a channel without a subscriber.
 *
 * @param options the options of the modem; their own `fullTrace` and `onState` are called, too
 * @param name tells the modems of a process apart
 * @returns the options to use instead
 */
export function withDiagnostics(options: ModemOptions = {}, name?: string): ModemOptions {
  const channels = {
    command: channel(diagnosticsChannels.command),
    payload: channel(diagnosticsChannels.payload),
    received: channel(diagnosticsChannels.received),
    counted: channel(diagnosticsChannels.counted),
    state: channel(diagnosticsChannels.state),
  };
  return {
    ...options,
    fullTrace(entry) {
      const to = channels[entry.kind];
      if (to.hasSubscribers) to.publish({ ...entry, name });
      options.fullTrace?.(entry);
    },
    onState(state) {
      if (channels.state.hasSubscribers) channels.state.publish({ ...state, name });
      options.onState?.(state);
    },
  };
}

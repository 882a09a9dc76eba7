import { heard } from './control-channel.js';
import type { Frame } from './frame.js';
import { confirmHold } from './hold.js';
import { message } from './message.js';
import { negotiate, repeatParameters } from './negotiation.js';
import {
  ASSUMED,
  type Channel,
  DRIVEN,
  type MultiplexerEvent,
  type MultiplexerState,
  type Step,
} from './state.js';
import {
  ATTEMPTS,
  after,
  CONTROL,
  command,
  end,
  endChannel,
  NOTHING,
  put,
  response,
  startCommand,
  stop,
  stopCommand,
  tell,
  tellSignals,
} from './steps.js';

/** Begins to set up the multiplexer on a module that has just answered `AT+CMUX` with `OK`. */
export function beginMultiplexing(): Step {
  return {
    state: {
      phase: 'opening',
      attempts: 1,
      isHeld: false,
      channels: new Map(),
      negotiations: new Map(),
      sizes: new Map(),
    },
    effects: [...command('SABM', CONTROL), startCommand(CONTROL)],
  };
}

/**
 * The host's side of the multiplexer as a pure function: no clock, no I/O. Every event has a meaning
 * in every state; one that comes too late or from nowhere changes nothing, or is refused as the
 * standard has it.
 *
 * @param frameSize N1, the longest payload in bytes that this side accepts and offers.
 * @see 3GPP TS 27.010, 5.3 to 5.5
 */
export function multiplexer(state: MultiplexerState, event: MultiplexerEvent, frameSize: number): Step {
  if (state.phase === 'closed') return { state, effects: [] };
  switch (event.kind) {
    case 'open':
      return openChannel(state, event.dlci);
    case 'close':
      return closeChannel(state, event.dlci);
    case 'negotiate':
      return negotiate(state, event.dlci, frameSize);
    case 'drive':
      return drive(state, event.dlci, event.signals);
    case 'closeDown':
      return closeDown(state);
    case 'received':
      return received(state, event.frame, frameSize);
    case 'expired': {
      const [what, dlci] = event.timer.split(' ');
      return EXPIRED[what as keyof typeof EXPIRED](state, Number(dlci));
    }
  }
}

const EXPIRED = {
  command: repeatCommand,
  signals: repeatSignals,
  parameters: repeatParameters,
  hold: confirmHold,
};

function openChannel(state: MultiplexerState, dlci: number): Step {
  if (state.phase !== 'open' || state.channels.has(dlci)) return { state, effects: [] };
  const channel: Channel = {
    phase: 'opening',
    attempts: 1,
    local: DRIVEN,
    remote: ASSUMED,
    signalAttempts: 0,
  };
  return { state: put(state, dlci, channel), effects: [...command('SABM', dlci), startCommand(dlci)] };
}

function closeChannel(state: MultiplexerState, dlci: number): Step {
  const channel = state.channels.get(dlci);
  if (channel === undefined || channel.phase === 'closing') return { state, effects: [] };
  return {
    state: put(state, dlci, { ...channel, phase: 'closing', attempts: 1, signalAttempts: 0 }),
    effects: [stop('signals', dlci), stop('hold', dlci), ...command('DISC', dlci), startCommand(dlci)],
  };
}

function drive(state: MultiplexerState, dlci: number, signals: Channel['local'] | object): Step {
  const channel = state.channels.get(dlci);
  if (channel === undefined || channel.phase === 'closing') return { state, effects: [] };
  const next = { ...channel, local: { ...channel.local, ...signals } };
  return channel.phase === 'open'
    ? tellSignals(state, dlci, next)
    : { state: put(state, dlci, next), effects: [] };
}

function closeDown(state: MultiplexerState): Step {
  if (state.phase === 'closing') return { state, effects: [] };
  if (state.phase === 'opening') return end(state, 'local');
  return {
    state: { ...state, phase: 'closing', attempts: 1 },
    effects: [tell({ type: message.CLD, isCommand: true, values: NOTHING }), startCommand(CONTROL, 'T2')],
  };
}

/** A command was not acknowledged in time. */
function repeatCommand(state: MultiplexerState, dlci: number): Step {
  const channel = dlci === CONTROL ? state : state.channels.get(dlci);
  if (channel === undefined || channel.phase === 'open') return { state, effects: [] };
  if (channel.attempts >= ATTEMPTS) {
    return dlci === CONTROL ? end(state, 'unanswered') : endChannel(state, dlci, 'unanswered');
  }
  const attempts = channel.attempts + 1;
  if (dlci !== CONTROL) {
    const type = channel.phase === 'closing' ? 'DISC' : 'SABM';
    return {
      state: put(state, dlci, { ...(channel as Channel), attempts }),
      effects: [...command(type, dlci), startCommand(dlci)],
    };
  }
  // A close-down that is not answered may not be known: DISC on DLCI 0 means the same (5.3.4).
  const effects =
    channel.phase === 'opening'
      ? [...command('SABM', CONTROL), startCommand(CONTROL)]
      : [...command('DISC', CONTROL), startCommand(CONTROL)];
  return { state: { ...state, attempts }, effects };
}

/** An MSC command was not answered in time; after the last attempt the channel goes on without. */
function repeatSignals(state: MultiplexerState, dlci: number): Step {
  const channel = state.channels.get(dlci);
  if (channel === undefined || channel.signalAttempts === 0) return { state, effects: [] };
  if (channel.signalAttempts >= ATTEMPTS) {
    return { state: put(state, dlci, { ...channel, signalAttempts: 0 }), effects: [] };
  }
  return tellSignals(state, dlci, channel, channel.signalAttempts + 1);
}

function received(state: MultiplexerState, frame: Frame, frameSize: number): Step {
  const { type, dlci, payload } = frame;
  switch (type) {
    case 'UIH':
    case 'UI':
      return dlci === CONTROL ? heard(state, payload, frameSize) : dataFor(state, dlci, payload);
    case 'UA':
      return acknowledged(state, dlci);
    case 'DM':
      return refused(state, dlci);
    case 'DISC':
      return disconnected(state, dlci);
    case 'SABM':
      // Channels are the host's to open (the module never has a reason to). Before the line is multiplexed it is the
      // host's own frame, which a module that is still in plain AT mode echoes: a DM would come back as a refusal.
      return { state, effects: state.phase === 'opening' ? [] : [response('DM', dlci)] };
  }
}

function dataFor(state: MultiplexerState, dlci: number, bytes: Uint8Array): Step {
  const channel = state.channels.get(dlci);
  if (channel === undefined) return { state, effects: [response('DM', dlci)] };
  // What comes before the acknowledgement cannot be told from what an earlier program left over.
  if (channel.phase === 'opening' || bytes.length === 0) return { state, effects: [] };
  return { state, effects: [{ kind: 'data', dlci, bytes }] };
}

function acknowledged(state: MultiplexerState, dlci: number): Step {
  if (dlci === CONTROL) {
    if (state.phase === 'closing') return end(state, 'local');
    if (state.phase !== 'opening') return { state, effects: [] };
    return {
      state: { ...state, phase: 'open', attempts: 0 },
      effects: [stopCommand(CONTROL), { kind: 'ready' }],
    };
  }
  const channel = state.channels.get(dlci);
  if (channel?.phase === 'closing') return endChannel(state, dlci, 'local');
  if (channel?.phase !== 'opening' && channel?.phase !== 'confirming') return { state, effects: [] };
  const step = tellSignals(state, dlci, { ...channel, phase: 'open', attempts: 0 });
  if (channel.phase === 'confirming') {
    const wait = { kind: 'start', timer: `hold ${dlci}`, limit: 'T2' } as const;
    return after(channel.remote === undefined ? [stopCommand(dlci), wait] : [stopCommand(dlci)], step);
  }
  return { ...step, effects: [stopCommand(dlci), ...step.effects, { kind: 'opened', dlci }] };
}

/** DM: the module has no such channel, or will not have it. */
function refused(state: MultiplexerState, dlci: number): Step {
  const reasons = {
    opening: 'refused',
    open: 'remote',
    confirming: 'remote',
    closing: 'local',
    closed: 'remote',
  } as const;
  if (dlci === CONTROL) return end(state, reasons[state.phase]);
  const channel = state.channels.get(dlci);
  return channel === undefined ? { state, effects: [] } : endChannel(state, dlci, reasons[channel.phase]);
}

function disconnected(state: MultiplexerState, dlci: number): Step {
  if (dlci === CONTROL) return after([response('UA', CONTROL)], end(state, 'remote'));
  const channel = state.channels.get(dlci);
  if (channel === undefined) return { state, effects: [response('DM', dlci)] };
  const reason = channel.phase === 'closing' ? 'local' : 'remote';
  return after([response('UA', dlci)], endChannel(state, dlci, reason));
}

import type { AgentModemStatus, AgentStatus } from '@a7600/fleet';
import type { Console } from '../console.js';

/**
 * Tells the person what changes.
 *
 * @param name the name of the agent
 * @param console where it is told
 * @returns is called with each status
 */
export function changes(name: string, console: Console): (status: AgentStatus) => void {
  const shown = new Map<string, string>();
  let wasConnected: boolean | undefined;
  return ({ connected, modems }) => {
    if (connected !== wasConnected) {
      if (wasConnected === undefined)
        console.print(`Agent ${name}: ${plural(modems.length)}. Ctrl-C ends it.`);
      else console.print(connected ? 'The NATS server is there again.' : 'The NATS server is away.');
      console.value({ agent: name, connected });
      wasConnected = connected;
    }
    for (const modem of modems) {
      const line = stateOf(modem);
      if (shown.get(modem.name) === line) continue;
      shown.set(modem.name, line);
      console.print(`${modem.name}: ${line}`);
      console.value(modem);
    }
  };
}

/**
 * The state of a modem in words.
 *
 * @param modem what is reported of it
 * @returns `online`, or the state with the reason
 */
export function stateOf({
  state,
  reason,
  error,
}: Pick<AgentModemStatus, 'state' | 'reason' | 'error'>): string {
  if (state === 'online' || state === 'stopped') return state;
  const why = state === 'opening' || state === 'unknown' ? reason : (error?.message ?? reason);
  return why === undefined ? state : `${state}: ${why}`;
}

function plural(count: number): string {
  return count === 1 ? '1 modem' : `${count} modems`;
}

import type { AgentModemStatus } from '@a7600/fleet';
import type { BridgedModem } from '@a7600/fleet/mqtt';

/**
 * What MQTT programs get to know of a modem.
 *
 * @param modem what the agent reports
 * @returns the same for the bridge
 */
export function bridged({
  name,
  state,
  imei,
  identity,
  signal,
  operator,
  links,
  traffic,
  error,
}: AgentModemStatus): BridgedModem {
  return {
    name,
    imei,
    model: identity?.model,
    firmware: identity?.revision,
    online: state === 'online',
    state,
    signalDbm: signal?.rssi,
    operator,
    links: links.length,
    sent: traffic?.sent,
    received: traffic?.received,
    lastError: error?.message,
  };
}

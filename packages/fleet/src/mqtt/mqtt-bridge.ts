/**
 * The modems of an agent as retained MQTT messages, with Home Assistant's discovery.
 *
 * @module
 */

import { defer, type Observable } from 'rxjs';
import { bridge, type MqttBridgeOptions } from './bridge.js';
import type { BridgedModem } from './messages.js';
import { type MqttBrokerOptions, mqttSession } from './session.js';

/**
 * Shows the modems of an agent to Home Assistant and other MQTT programs, over a connection of its own to any broker of
 * MQTT 3.1.1. States are retained; the agent is marked offline by its last will.
 *
 * @param modems$ all modems of the agent, with each change
 * @param broker the broker, see {@link MqttBrokerOptions}
 * @param options see {@link MqttBridgeOptions}
 * @returns a cold observable that emits nothing and goes on over outages of the broker; unsubscribing says that the agent
 *   is offline and disconnects. Errors with `INVALID_ARGUMENT` for a name that cannot be part of a
 *   topic
 */
export function mqttBridge(
  modems$: Observable<readonly BridgedModem[]>,
  broker: MqttBrokerOptions,
  options: MqttBridgeOptions,
): Observable<never> {
  return defer(() => bridge(modems$, mqttSession(options.agent, broker), options));
}

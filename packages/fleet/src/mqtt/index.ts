/**
 * Modems of an agent for Home Assistant and other programs that speak MQTT.
 *
 * @packageDocumentation
 * @experimental
 */

export type { MqttBridgeOptions } from './bridge.js';
export type { BridgedModem } from './messages.js';
export { mqttBridge } from './mqtt-bridge.js';
export type { MqttBrokerOptions } from './session.js';

import type { Behaviour, Handler } from '../at/behaviour.js';
import { type FinalReply, ok, type Reply, refuse } from '../at/reply.js';
import { number } from '../at/values.js';
import type { Module } from '../module.js';
import { MQTT_ERR } from '../services/mqtt-connect.js';
import { type MqttSlot, mqttServiceOf } from '../services/mqtt-service.js';

/** Longest topic, and longest payload, in bytes (AT command manual, 18.2). */
export const MAX_TOPIC = 1024;
export const MAX_PAYLOAD = 10_240;

/** A command that is refused unless the service was started. */
export function started(work: (values: readonly string[], module: Module) => Reply): Handler {
  return ({ values }, module) => (mqttServiceOf(module).started ? work(values, module) : refuse());
}

/** A command about a client that was acquired. */
export function acquired(
  command: string,
  work: (slot: MqttSlot, module: Module, values: readonly string[]) => Reply,
): Handler {
  return started((values, module) => {
    const index = number(values[0], 0, 1);
    if (index === undefined) return refuse();
    const slot = mqttServiceOf(module).slots[index];
    return slot === undefined
      ? refuse(`${command}: ${index},${MQTT_ERR.notAcquired}`)
      : work(slot, module, values);
  });
}

/** `=<client>,<length>[,<qos>]`, and so many bytes after the prompt. */
export function entry(
  command: string,
  most: number,
  take: (slot: MqttSlot, bytes: Uint8Array<ArrayBuffer>, qos: number) => void,
  { withQos = false, isText: text = false } = {},
): Behaviour {
  return {
    command,
    test: () => ok(`${command}: (0-1),(1-${most})${withQos ? ',(0-2)' : ''}`),
    write: acquired(command, (slot, _, [index, sizeText, qosText]) => {
      const size = number(sizeText, 1, 1_000_000);
      const qos = withQos ? number(qosText, 0, 2) : 0;
      if (size === undefined || qos === undefined) return refuse(`${command}: ${index},${MQTT_ERR.invalid}`);
      if (size > most) return refuse(`${command}: ${index},22`);
      return asked(size, (bytes) => {
        if (text && !isText(bytes, slot)) return refuse(`${command}: ${index},${MQTT_ERR.badText}`);
        take(slot, bytes, qos);
        return ok();
      });
    }),
  };
}

/** Asks for so many bytes. */
export function asked(size: number, take: (bytes: Uint8Array<ArrayBuffer>) => FinalReply): Reply {
  return { prompt: size, take: (bytes) => take(Uint8Array.from(bytes)) };
}

/** Whether bytes may be a topic: `AT+CMQTTCFG="checkUTF8"` asks for UTF-8. */
export function isText(bytes: Uint8Array, { config }: MqttSlot): boolean {
  if (config.checksText === 0) return true;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

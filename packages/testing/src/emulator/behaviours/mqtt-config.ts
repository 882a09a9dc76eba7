import type { Behaviour } from '../at/behaviour.js';
import { ok, type Reply, refuse } from '../at/reply.js';
import { number, optional } from '../at/values.js';
import type { Module } from '../module.js';
import { MQTT_ERR } from '../services/mqtt-connect.js';
import { type MqttSlot, mqttServiceOf } from '../services/mqtt-service.js';

type Key = keyof MqttSlot['config'];

/** Parameters of `AT+CMQTTCFG`, with their ranges; `argtopic` has two values. */
const PARAMETERS: readonly (readonly [name: string, key: Key, min: number, max: number])[] = [
  ['version', 'version', 3, 4],
  ['checkUTF8', 'checksText', 0, 1],
  ['optimeout', 'operationTime', 20, 120],
  ['argtopic', 'topicInPublish', 0, 1],
];

/** Settings of the module's own MQTT clients (AT command manual, 18.2). */
export const mqttConfig: readonly Behaviour[] = [
  {
    command: '+CMQTTCFG',
    test: () =>
      ok(
        ...PARAMETERS.map(
          ([name, , min, max]) =>
            `+CMQTTCFG: "${name}",(0-1),(${min}-${max})${name === 'argtopic' ? ',(0-1)' : ''}`,
        ),
      ),
    read: (_, module) =>
      ok(
        ...mqttServiceOf(module).slots.flatMap((slot, index) =>
          slot === undefined ? [] : [`+CMQTTCFG: ${[index, ...Object.values(slot.config)].join()}`],
        ),
      ),
    write: ({ values }, module) => configure(values, module),
  },
];

function configure([name = '', indexText, valueText, more]: readonly string[], module: Module): Reply {
  const index = number(indexText, 0, 1);
  const found = PARAMETERS.find(([known]) => known.toLowerCase() === name.toLowerCase());
  if (index === undefined || found === undefined) return refuse();
  const slot = mqttServiceOf(module).slots[index];
  if (slot === undefined) return refuse(`+CMQTTCFG: ${index},${MQTT_ERR.notAcquired}`);
  const [, key, min, max] = found;
  const value = number(valueText, min, max);
  const second = optional(more, 0, 1, value ?? 0);
  if (value === undefined || second === undefined) return refuse();
  slot.config[key] = value;
  if (key === 'topicInPublish') slot.config.topicInSubscribe = second;
  return ok();
}

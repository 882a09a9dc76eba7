import type { Behaviour } from '../at/behaviour.js';
import { ok, okThen, type Reply, refuse } from '../at/reply.js';
import { number, optional } from '../at/values.js';
import type { Module } from '../module.js';
import { MQTT_ERR } from '../services/mqtt-connect.js';
import { MqttSlot, mqttServiceOf } from '../services/mqtt-service.js';
import { acquired, started } from './mqtt-command.js';

/** The AT command manual allows connecting this time, in ms. */
const SLOW = 120_000;
const DEFAULT_PORT = 1883;

/** The module's own MQTT client: its service, its two clients and their connections (AT command manual, 18). */
export const mqtt: readonly Behaviour[] = [
  {
    command: '+CMQTTSTART',
    maxTime: 12_000,
    execute: (_, module) => {
      const service = mqttServiceOf(module);
      if (service.started) return refuse('+CMQTTSTART: 23');
      const err = module.radio.bearer ? MQTT_ERR.ok : MQTT_ERR.failed;
      service.started = err === MQTT_ERR.ok;
      // Before OK on SIM7600 (field notes 2.5).
      if (module.profile.family === 'sim7600') return ok(`+CMQTTSTART: ${err}`);
      return okThen(() => module.conclude(`+CMQTTSTART: ${err}`));
    },
  },
  {
    command: '+CMQTTSTOP',
    maxTime: 12_000,
    execute: (_, module) => {
      const service = mqttServiceOf(module);
      if (!service.started) return refuse();
      if (service.slots.some((slot) => slot !== undefined))
        return refuse(`+CMQTTSTOP: ${MQTT_ERR.notReleased}`);
      service.forget();
      return okThen(() => module.conclude('+CMQTTSTOP: 0'));
    },
  },
  {
    command: '+CMQTTACCQ',
    test: () => ok('+CMQTTACCQ: (0-1),(1-128)[,(0-1)]'),
    read: started((_, module) =>
      ok(
        ...mqttServiceOf(module).slots.map(
          (slot, index) => `+CMQTTACCQ: ${index},"${slot?.client.id ?? ''}",${slot?.client.secured ? 1 : 0}`,
        ),
      ),
    ),
    write: started(([indexText, id = '', typeText], module) => {
      const index = number(indexText, 0, 1);
      const type = optional(typeText, 0, 1, 0);
      if (index === undefined || type === undefined || id === '' || id.length > 128) return refuse();
      const { slots } = mqttServiceOf(module);
      if (slots[index] !== undefined) return refuse(`+CMQTTACCQ: ${index},${MQTT_ERR.clientUsed}`);
      slots[index] = new MqttSlot(index, id, type === 1, module);
      return ok();
    }),
  },
  {
    command: '+CMQTTREL',
    test: () => ok('+CMQTTREL: (0-1)'),
    read: started(() => ok()),
    write: acquired('+CMQTTREL', (slot, module, [indexText]) => {
      if (slot.client.connected) return refuse(`+CMQTTREL: ${indexText},${MQTT_ERR.clientUsed}`);
      mqttServiceOf(module).slots[Number(indexText)] = undefined;
      return ok();
    }),
  },
  {
    command: '+CMQTTSSLCFG',
    test: () => ok('+CMQTTSSLCFG: (0,1),(0-9)'),
    read: started((_, module) =>
      ok(
        ...mqttServiceOf(module).slots.map(
          (slot, index) => `+CMQTTSSLCFG: ${index},${slot?.sslContext ?? ''}`,
        ),
      ),
    ),
    write: acquired('+CMQTTSSLCFG', (slot, _, [, contextText]) => {
      const context = number(contextText, 0, 9);
      if (context === undefined) return refuse();
      slot.sslContext = context;
      return ok();
    }),
  },
  {
    command: '+CMQTTCONNECT',
    maxTime: SLOW,
    test: () => ok('+CMQTTCONNECT: (0-1),(9-256),(1-64800),(0-1)[,<user_name>,<pass_word>]'),
    read: started((_, module) =>
      ok(
        ...mqttServiceOf(module).slots.map((slot, index) => {
          const options = slot?.client.options;
          if (options === undefined) return `+CMQTTCONNECT: ${index}`;
          const { to, keepAlive, cleanSession } = options;
          return `+CMQTTCONNECT: ${index},"tcp://${to.host}:${to.port}",${keepAlive},${cleanSession ? 1 : 0}`;
        }),
      ),
    ),
    write: acquired('+CMQTTCONNECT', connect),
  },
  {
    command: '+CMQTTDISC',
    maxTime: 180_000,
    test: () => ok('+CMQTTDISC: (0-1),(0,1-180)'),
    read: started((_, module) =>
      ok(
        ...mqttServiceOf(module).slots.map(
          (slot, index) => `+CMQTTDISC: ${index},${slot?.client.connected ? 0 : 1}`,
        ),
      ),
    ),
    write: acquired('+CMQTTDISC', (slot, module, [index, time]) => {
      if (optional(time, 0, 180, 0) === undefined) return refuse();
      if (!slot.client.connected) return refuse(`+CMQTTDISC: ${index},${MQTT_ERR.noConnection}`);
      return okThen(() => {
        slot.client.disconnect();
        slot.sslContext = undefined;
        module.conclude(`+CMQTTDISC: ${index},0`);
      });
    }),
  },
];

function connect(slot: MqttSlot, module: Module, values: readonly string[]): Reply {
  const [indexText, url = '', aliveText, cleanText, user = '', password = ''] = values;
  const match = /^tcp:\/\/([^:/]+)(?::(\d{1,5}))?$/.exec(url);
  const keepAlive = number(aliveText, 1, 64_800);
  const clean = optional(cleanText, 0, 1, 0);
  const port = optional(match?.[2], 1, 65_535, DEFAULT_PORT);
  if (match === null || keepAlive === undefined || clean === undefined || port === undefined) {
    return refuse(`+CMQTTCONNECT: ${indexText},${MQTT_ERR.invalid}`);
  }
  if (slot.client.connected) return refuse(`+CMQTTCONNECT: ${indexText},${MQTT_ERR.failed}`);
  const { willMessage, willTopic } = slot;
  const will =
    willMessage && willTopic.length > 0 ? { topic: willTopic, retained: false, ...willMessage } : undefined;
  const options = {
    to: { host: match[1] ?? '', port },
    version: slot.config.version,
    keepAlive,
    cleanSession: clean === 1,
    user,
    password,
    will,
    sslContext: slot.client.secured ? (slot.sslContext ?? Number(indexText)) : undefined,
  };
  slot.client.answerTimeout = slot.config.operationTime * 1000;
  return okThen(() =>
    slot.client.connect(options, (err) => module.conclude(`+CMQTTCONNECT: ${indexText},${err}`)),
  );
}

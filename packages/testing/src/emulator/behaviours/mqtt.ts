import type { Behaviour, Handler } from '../at/behaviour.js';
import { type FinalReply, ok, okThen, type Reply, refuse } from '../at/reply.js';
import { number, optional } from '../at/values.js';
import type { Module } from '../module.js';
import { MQTT_ERR } from '../services/mqtt-client.js';
import { MqttSlot, mqttServiceOf } from '../services/mqtt-service.js';

const SLOW = 120_000;
const MAX_TOPIC = 1024;
const MAX_PAYLOAD = 10_240;
const DEFAULT_PORT = 1883;

/** The module's own MQTT client (AT command manual, 18). */
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
  entry('+CMQTTWILLTOPIC', MAX_TOPIC, (slot, bytes) => {
    slot.willTopic = bytes;
  }),
  entry(
    '+CMQTTWILLMSG',
    MAX_TOPIC,
    (slot, bytes, qos) => {
      slot.willMessage = { payload: bytes, qos };
    },
    true,
  ),
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
  entry('+CMQTTTOPIC', MAX_TOPIC, (slot, bytes) => {
    slot.topic = bytes;
  }),
  entry('+CMQTTPAYLOAD', MAX_PAYLOAD, (slot, bytes) => {
    slot.payload = bytes;
  }),
  {
    command: '+CMQTTPUB',
    maxTime: 180_000,
    test: () => ok('+CMQTTPUB: (0-1),(0-2),(1-180),(0-1),(0-1)'),
    write: acquired('+CMQTTPUB', publish),
  },
  entry(
    '+CMQTTSUBTOPIC',
    MAX_TOPIC,
    (slot, topic, qos) => {
      slot.subscriptions.push({ topic, qos });
    },
    true,
  ),
  {
    command: '+CMQTTSUB',
    test: () => ok('+CMQTTSUB: (0-1),(1-1024),(0-2),(0-1)'),
    write: acquired('+CMQTTSUB', (slot, module, values) => {
      const { subscriptions } = slot;
      return change(
        '+CMQTTSUB',
        slot,
        module,
        values,
        (done) => slot.client.subscribe(subscriptions.splice(0), done),
        {
          entered: subscriptions.length,
          add: (topic) => subscriptions.push({ topic, qos: number(values[2], 0, 2) ?? 0 }),
        },
      );
    }),
  },
  entry('+CMQTTUNSUBTOPIC', MAX_TOPIC, (slot, topic) => {
    slot.removals.push(topic);
  }),
  {
    command: '+CMQTTUNSUB',
    test: () => ok('+CMQTTUNSUB: (0-1),(1-1024),(0-1)'),
    write: acquired('+CMQTTUNSUB', (slot, module, values) => {
      const { removals } = slot;
      return change(
        '+CMQTTUNSUB',
        slot,
        module,
        values,
        (done) => slot.client.unsubscribe(removals.splice(0), done),
        {
          entered: removals.length,
          add: (topic) => removals.push(topic),
        },
      );
    }),
  },
];

/** A command that is refused unless the service was started. */
function started(work: (values: readonly string[], module: Module) => Reply): Handler {
  return ({ values }, module) => (mqttServiceOf(module).started ? work(values, module) : refuse());
}

/** A command about a client that was acquired. */
function acquired(
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
function entry(
  command: string,
  most: number,
  take: (slot: MqttSlot, bytes: Uint8Array<ArrayBuffer>, qos: number) => void,
  withQos = false,
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
        take(slot, bytes, qos);
        return ok();
      });
    }),
  };
}

function asked(size: number, take: (bytes: Uint8Array<ArrayBuffer>) => FinalReply): Reply {
  return { prompt: size, take: (bytes) => take(Uint8Array.from(bytes)) };
}

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
    keepAlive,
    cleanSession: clean === 1,
    user,
    password,
    will,
    sslContext: slot.client.secured ? (slot.sslContext ?? Number(indexText)) : undefined,
  };
  return okThen(() =>
    slot.client.connect(options, (err) => module.conclude(`+CMQTTCONNECT: ${indexText},${err}`)),
  );
}

function publish(
  slot: MqttSlot,
  module: Module,
  [index, qosText, timeText, retainText, dupText]: readonly string[],
): Reply {
  const qos = number(qosText, 0, 2);
  const time = number(timeText, 1, 180);
  const retained = optional(retainText, 0, 1, 0);
  const result = (err: number) => `+CMQTTPUB: ${index},${err}`;
  if (qos === undefined || time === undefined || retained === undefined)
    return refuse(result(MQTT_ERR.invalid));
  const repeated = optional(dupText, 0, 1, 0);
  if (repeated === undefined) return refuse(result(MQTT_ERR.invalid));
  if (!slot.client.connected) return refuse(result(MQTT_ERR.noConnection));
  const { topic, payload } = slot;
  if (topic.length === 0) return refuse(result(MQTT_ERR.topicEmpty));
  // Both are gone once they are sent (AT command manual, 18.2.12).
  slot.topic = new Uint8Array();
  slot.payload = new Uint8Array();
  return okThen(() =>
    slot.client.publish(
      { topic, payload, qos, retained: retained === 1, repeated: repeated === 1 },
      time * 1000,
      (err) => module.conclude(result(err)),
    ),
  );
}

/** Subscribes or unsubscribes: to the topics that were entered, or to one that is asked for. */
function change(
  command: string,
  slot: MqttSlot,
  module: Module,
  values: readonly string[],
  work: (done: (err: number) => void) => void,
  topics: { readonly entered: number; add(topic: Uint8Array<ArrayBuffer>): void },
): Reply {
  const [index] = values;
  const result = (err: number) => `${command}: ${index},${err}`;
  if (!slot.client.connected) return refuse(result(MQTT_ERR.noConnection));
  const run = () => okThen(() => work((err) => module.conclude(result(err))));
  if (values.length <= 2) return topics.entered === 0 ? refuse(result(MQTT_ERR.topicEmpty)) : run();
  const size = number(values[1], 1, MAX_TOPIC);
  if (size === undefined) return refuse(result(MQTT_ERR.invalid));
  return asked(size, (topic) => {
    topics.add(topic);
    return run();
  });
}

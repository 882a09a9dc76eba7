import type { Behaviour } from '../at/behaviour.js';
import { type FinalReply, ok, okThen, type Reply, refuse } from '../at/reply.js';
import { number, optional } from '../at/values.js';
import type { Module } from '../module.js';
import { MQTT_ERR } from '../services/mqtt-connect.js';
import type { MqttSlot } from '../services/mqtt-service.js';
import { acquired, asked, entry, isText, MAX_PAYLOAD, MAX_TOPIC } from './mqtt-command.js';

/** Messages of the module's own MQTT client, and topics (AT command manual, 18). */
export const mqttMessages: readonly Behaviour[] = [
  entry(
    '+CMQTTWILLTOPIC',
    MAX_TOPIC,
    (slot, bytes) => {
      slot.willTopic = bytes;
    },
    { isText: true },
  ),
  entry(
    '+CMQTTWILLMSG',
    MAX_TOPIC,
    (slot, bytes, qos) => {
      slot.willMessage = { payload: bytes, qos };
    },
    { withQos: true },
  ),
  entry(
    '+CMQTTTOPIC',
    MAX_TOPIC,
    (slot, bytes) => {
      slot.topic = bytes;
    },
    { isText: true },
  ),
  entry('+CMQTTPAYLOAD', MAX_PAYLOAD, (slot, bytes) => {
    slot.payload = bytes;
  }),
  {
    command: '+CMQTTPUB',
    maxTime: 180_000,
    test: () => ok('+CMQTTPUB: (0-1),(0-2),(1-180),(0-1),(0-1)'),
    write: acquired('+CMQTTPUB', (slot, module, values) =>
      slot.config.topicInPublish === 1 ? publishTo(slot, module, values) : publish(slot, module, values),
    ),
  },
  entry(
    '+CMQTTSUBTOPIC',
    MAX_TOPIC,
    (slot, topic, qos) => {
      slot.subscriptions.push({ topic, qos });
    },
    { withQos: true, isText: true },
  ),
  {
    command: '+CMQTTSUB',
    test: () => ok('+CMQTTSUB: (0-1),(1-1024),(0-2),(0-1)'),
    write: acquired('+CMQTTSUB', (slot, module, values) => {
      const { subscriptions } = slot;
      if (slot.config.topicInSubscribe === 1) return subscribeTo(slot, module, values);
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
  entry(
    '+CMQTTUNSUBTOPIC',
    MAX_TOPIC,
    (slot, topic) => {
      slot.removals.push(topic);
    },
    { isText: true },
  ),
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

function publish(
  slot: MqttSlot,
  module: Module,
  [index, qosText, timeText, retainText, dupText]: readonly string[],
): FinalReply {
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

/** `=<client>,<topic>,<qos>,<length>[,<retained>[,<dup>]]`, as `AT+CMQTTCFG="argtopic"` allows. */
function publishTo(
  slot: MqttSlot,
  module: Module,
  [index = '', topicText = '', qosText = '', sizeText, retained = '', dup = '']: readonly string[],
): Reply {
  const size = number(sizeText, 1, MAX_PAYLOAD);
  const topic = octetsOf(topicText);
  if (size === undefined || topic.length === 0) return refuse(`+CMQTTPUB: ${index},${MQTT_ERR.invalid}`);
  return asked(size, (payload) => {
    Object.assign(slot, { topic, payload });
    return publish(slot, module, [index, qosText, String(LONGEST_WAIT), retained, dup]);
  });
}

/** `=<client>,<topic>,<qos>`, as `AT+CMQTTCFG="argtopic"` allows. */
function subscribeTo(
  slot: MqttSlot,
  module: Module,
  [index, topicText = '', qosText]: readonly string[],
): Reply {
  const qos = number(qosText, 0, 2);
  const result = (err: number) => `+CMQTTSUB: ${index},${err}`;
  if (!slot.client.connected) return refuse(result(MQTT_ERR.noConnection));
  if (qos === undefined || topicText === '') return refuse(result(MQTT_ERR.invalid));
  return okThen(() =>
    slot.client.subscribe([{ topic: octetsOf(topicText), qos }], (err) => module.conclude(result(err))),
  );
}

/** Longest time in s that a publication may take. */
const LONGEST_WAIT = 180;

function octetsOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff);
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
  const run = (): FinalReply => okThen(() => work((err) => module.conclude(result(err))));
  if (values.length <= 2) return topics.entered === 0 ? refuse(result(MQTT_ERR.topicEmpty)) : run();
  const size = number(values[1], 1, MAX_TOPIC);
  if (size === undefined) return refuse(result(MQTT_ERR.invalid));
  return asked(size, (topic) => {
    if (!isText(topic, slot)) return refuse(result(MQTT_ERR.badText));
    topics.add(topic);
    return run();
  });
}

import type { Module } from '../module.js';
import { perModule } from '../per-module.js';
import { chunksOf, textOf } from './bytes.js';
import { MqttClient } from './mqtt-client.js';
import { MQTT_ERR } from './mqtt-connect.js';
import type { Publication } from './mqtt-packets.js';

/** Most bytes of a topic or a payload in one report (AT command manual, 18.4). */
const CHUNK = 1500;

/** `<cause>` of a connection that was not closed in good order. */
const RESET = 2;

/** A topic to subscribe to. */
export interface Topic {
  readonly topic: Uint8Array;
  readonly qos: number;
}

/** One of the two clients, with what was entered for its next command. */
export class MqttSlot {
  readonly client: MqttClient;
  topic = new Uint8Array();
  payload = new Uint8Array();
  willTopic = new Uint8Array();
  willMessage: { readonly payload: Uint8Array; readonly qos: number } | undefined;
  /** `AT+CMQTTCFG`. */
  readonly config = {
    version: 4,
    /** 1 takes only UTF-8 as a topic. */
    checksText: 1,
    /** Time in s that a server has to answer. */
    operationTime: 120,
    /** 1 lets `AT+CMQTTPUB` and `AT+CMQTTSUB` name their topic. */
    topicInPublish: 0,
    topicInSubscribe: 0,
  };
  subscriptions: Topic[] = [];
  removals: Uint8Array[] = [];
  /** `AT+CMQTTSSLCFG`; undefined is the context of the client's own number. */
  sslContext: number | undefined;

  constructor(index: number, id: string, secured: boolean, module: Module) {
    this.client = new MqttClient(id, secured, module, {
      arrived: (message) => printMessage(index, message, module),
      lost: (cause) => module.report(`+CMQTTCONNLOST: ${index},${cause}`),
      silent() {
        module.report(`+CMQTTPING: ${index},${MQTT_ERR.timeout}`);
        module.report(`+CMQTTCONNLOST: ${index},${RESET}`);
      },
    });
  }
}

/** The MQTT service of a module. */
export class MqttService {
  started = false;
  readonly slots: (MqttSlot | undefined)[] = [undefined, undefined];

  forget(): void {
    this.started = false;
    for (const slot of this.slots.splice(0, 2, undefined, undefined)) slot?.client.drop();
  }
}

export const mqttServiceOf = perModule((module) => {
  const service = new MqttService();
  module.radio.watchLoss(() => {
    if (!service.started) return;
    service.forget();
    module.report('+CMQTTNONET');
  });
  module.watchPower((power) => {
    if (power === 'off') service.forget();
  });
  return service;
});

/** A message that has come, in its four parts; A76XX prints no empty lines between them (field notes 1.6). */
function printMessage(index: number, { topic, payload }: Publication, module: Module): void {
  const lines = [
    `+CMQTTRXSTART: ${index},${topic.length},${payload.length}`,
    ...texts(topic).map((chunk) => `+CMQTTRXTOPIC: ${index},${chunk.length}\r\n${chunk}`),
    ...texts(payload).map((chunk) => `+CMQTTRXPAYLOAD: ${index},${chunk.length}\r\n${chunk}`),
    `+CMQTTRXEND: ${index}`,
  ];
  if (module.profile.family === 'a76xx') module.report(lines.join('\r\n'));
  else for (const line of lines) module.report(line);
}

function texts(bytes: Uint8Array): string[] {
  return chunksOf(bytes, CHUNK).map(textOf);
}

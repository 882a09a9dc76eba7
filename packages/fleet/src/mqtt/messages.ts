import { ENTITIES, type Entity } from './entities.js';
import { type Topics, topicsOf } from './topics.js';

/**
 * What the bridge reads of a modem.
 */
export interface BridgedModem {
  /** Its name within the agent, which becomes a part of topics. */
  readonly name: string;
  /** IMEI, which Home Assistant shows as the serial number. */
  readonly imei?: string | undefined;
  /** Model of the module. */
  readonly model?: string | undefined;
  /** Version of its firmware. */
  readonly firmware?: string | undefined;
  /** Whether the modem is in its network. */
  readonly online: boolean;
  /** The state in one word. */
  readonly state: string;
  /** Signal strength in dBm; undefined where the module does not know. */
  readonly signalDbm?: number | undefined;
  /** Operator of the serving cell. */
  readonly operator?: string | undefined;
  /** Links in use, of ten. */
  readonly links?: number | undefined;
  /** Bytes that were sent since the modem was opened. */
  readonly sent?: number | undefined;
  /** Bytes that were received since the modem was opened. */
  readonly received?: number | undefined;
  /** The message of the last error, without secrets. */
  readonly lastError?: string | undefined;
}

/** A message for the broker. All are retained, with QoS 1; an empty payload deletes what was retained. */
export interface MqttMessage {
  readonly topic: string;
  readonly payload: string;
}

/** Settings of the messages. */
export interface MessageOptions {
  /** The name of the agent. */
  readonly agent: string;
  /** The first levels of the topics of modems. */
  readonly base: string;
  /** The first levels of Home Assistant's discovery. */
  readonly discoveryPrefix: string;
  /** Time in s after which a state that was not repeated is no longer shown. */
  readonly expireAfter: number;
  /** The version of this program, for Home Assistant. */
  readonly version?: string | undefined;
}

/** The payloads of availability topics. */
export const AVAILABILITY = { online: 'online', offline: 'offline' } as const;

/** Home Assistant refuses states with more characters. */
const LONGEST_STATE = 255;

/** What the broker is to retain for one agent. */
export interface Messages {
  readonly topics: Topics;
  /** The configuration of the entities of some modems. */
  discovery(modems: readonly BridgedModem[]): MqttMessage[];
  /** What is true of some modems now. */
  state(modems: readonly BridgedModem[]): MqttMessage[];
}

/**
 * The messages for the modems of one agent, made of their states alone.
 *
 * @param options see {@link MessageOptions}
 * @returns see {@link Messages}
 * @throws FleetError `INVALID_ARGUMENT`: a name cannot be part of a topic
 */
export function messagesOf(options: MessageOptions): Messages {
  const { agent, base, discoveryPrefix } = options;
  const topics = topicsOf(agent, base, discoveryPrefix);
  return {
    topics,
    discovery: (modems) =>
      modems.flatMap((modem) => ENTITIES.map((entity) => discoveryMessage(entity, modem, topics, options))),
    state: (modems) =>
      modems.flatMap((modem) => [
        { topic: topics.modemState(modem.name), payload: JSON.stringify(stateOf(modem)) },
        {
          topic: topics.modemAvailability(modem.name),
          payload: modem.online ? AVAILABILITY.online : AVAILABILITY.offline,
        },
      ]),
  };
}

function discoveryMessage(
  entity: Entity,
  modem: BridgedModem,
  topics: Topics,
  { agent, expireAfter, version }: MessageOptions,
): MqttMessage {
  const { id, component, name, field, survivesOutage, config } = entity;
  const { imei, model, firmware } = modem;
  const device = `a7600_${agent}_${modem.name}`;
  const uniqueId = `${device}_${id}`;
  const payload = {
    name,
    unique_id: uniqueId,
    object_id: uniqueId,
    state_topic: topics.modemState(modem.name),
    value_template: `{{ value_json.${field} }}`,
    availability: [
      { topic: topics.availability },
      ...(survivesOutage ? [] : [{ topic: topics.modemAvailability(modem.name) }]),
    ],
    availability_mode: 'all',
    expire_after: expireAfter,
    ...config,
    device: {
      identifiers: [device],
      name: `${agent} ${modem.name}`,
      manufacturer: 'SIMCom',
      ...(model !== undefined && { model }),
      ...(firmware !== undefined && { sw_version: firmware }),
      ...(imei !== undefined && { serial_number: imei }),
    },
    origin: { name: 'a7600', ...(version !== undefined && { sw_version: version }) },
  };
  return { topic: topics.discovery(component, modem.name, id), payload: JSON.stringify(payload) };
}

/** The state message. Home Assistant shows `null` as unknown. */
function stateOf(modem: BridgedModem): Readonly<Record<string, unknown>> {
  const { online, state, signalDbm, operator, links, sent, received, lastError } = modem;
  return {
    online: online ? 'ON' : 'OFF',
    state,
    signal_dbm: signalDbm ?? null,
    operator: operator ?? null,
    links: links ?? null,
    sent: sent ?? null,
    received: received ?? null,
    last_error: lastError === undefined ? null : [...lastError].slice(0, LONGEST_STATE).join(''),
  };
}

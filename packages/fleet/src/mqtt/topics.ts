import { assertName } from '../protocol/names.js';

/** The topics of one agent. */
export interface Topics {
  /** Availability of the agent itself: the topic of its last will. */
  readonly availability: string;
  /** Availability of what a modem reports. */
  modemAvailability(modem: string): string;
  /** The state of a modem. */
  modemState(modem: string): string;
  /** Where Home Assistant looks for the configuration of an entity. */
  discovery(component: string, modem: string, entity: string): string;
}

/**
 * The topics that an agent publishes to. All of them have its name as a level, so that a broker can allow it those and
 * no others.
 *
 * @param agent the name of the agent
 * @param base the first levels of the topics of modems
 * @param discoveryPrefix the first levels of Home Assistant's discovery
 * @returns see {@link Topics}
 * @throws FleetError `INVALID_ARGUMENT`: a name cannot be part of a topic
 */
export function topicsOf(agent: string, base: string, discoveryPrefix: string): Topics {
  const own = `${assertTopic('base topic', base)}/${assertName('name of the agent', agent)}`;
  const discovery = assertTopic('discovery prefix', discoveryPrefix);
  const checked = (modem: string) => assertName('name of the modem', modem);
  return {
    availability: `${own}/availability`,
    modemAvailability: (modem) => `${own}/${checked(modem)}/availability`,
    modemState: (modem) => `${own}/${checked(modem)}/state`,
    discovery: (component, modem, entity) =>
      `${discovery}/${component}/a7600-${agent}/${checked(modem)}_${entity}/config`,
  };
}

/**
 * Checks a topic. Its levels have the characters of names of the fleet: slash, `+` and `#` have a meaning in topics, a
 * dot or a blank makes nats-server drop the connection, and Home Assistant accepts no others in discovery.
 *
 * @param what what the topic is, for the message
 * @param topic levels with slashes between
 * @returns the same
 * @throws FleetError `INVALID_ARGUMENT`
 */
export function assertTopic(what: string, topic: string): string {
  for (const level of topic.split('/')) assertName(`level of the ${what}`, level);
  return topic;
}

import { assertTopic, topicsOf } from '../mqtt/topics.js';

/** A user with a password of nats-server's MQTT port. */
export interface HomeUser {
  /** Name of the user. */
  readonly name: string;
  /** The password, or its bcrypt hash as `nats server passwd` makes it. */
  readonly password: string;
}

/** Who uses nats-server's MQTT port. */
export interface HomeUsers {
  /** Agents: the name of the user is that of the agent. */
  readonly agents: readonly HomeUser[];
  /** Home Assistant and other programs, which read only. */
  readonly readers: readonly HomeUser[];
  /** As for `mqttBridge`. */
  readonly base?: string | undefined;
  /** As for `mqttBridge`. */
  readonly discoveryPrefix?: string | undefined;
}

/**
 * The account of nats-server for programs that speak MQTT. Topics are subjects, with a dot for each slash; in an account
 * of their own they never meet those of the fleet. An agent publishes below its own name only, its last will too.
 *
 * @param users who uses it
 * @returns the value of the account in the server's configuration
 * @throws FleetError `INVALID_ARGUMENT`: a name cannot be part of a topic
 */
export function homeAccount(users: HomeUsers): unknown {
  const { agents, readers, base = 'modem', discoveryPrefix = 'homeassistant' } = users;
  const subjectOf = (topic: string) => topic.replaceAll('/', '.');
  const ownSubjects = (agent: string) => {
    const { availability, discovery } = topicsOf(agent, base, discoveryPrefix);
    return [
      subjectOf(availability).replace(/[^.]+$/, '>'),
      // Of `prefix/component/agent/entity/config`, any component and any entity.
      subjectOf(discovery('*', '0', '')).replace(/[^.]+\.config$/, '>'),
    ];
  };
  const own = [base, discoveryPrefix].map((path) => subjectOf(assertTopic('topic', path)));
  return {
    jetstream: 'enabled',
    users: [
      ...agents.map(({ name, password }) =>
        mqttUser({ name, password }, { publish: ownSubjects(name), subscribe: [] }),
      ),
      ...readers.map((user) =>
        mqttUser(user, {
          publish: [],
          // MQTT's `modem/#` is `modem` too. The server delivers QoS 1 over subjects of its own.
          subscribe: [...own.flatMap((subject) => [subject, `${subject}.>`]), '$MQTT.sub.>'],
        }),
      ),
    ],
  };
}

function mqttUser(
  { name, password }: HomeUser,
  { publish, subscribe }: { readonly publish: readonly string[]; readonly subscribe: readonly string[] },
) {
  const allowed = (subjects: readonly string[]) =>
    subjects.length === 0 ? { deny: ['>'] } : { allow: subjects };
  return {
    user: name,
    password,
    allowed_connection_types: ['MQTT'],
    permissions: { publish: allowed(publish), subscribe: allowed(subscribe) },
  };
}

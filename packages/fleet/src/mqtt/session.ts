import { connect, type IClientOptions } from 'mqtt';
import { BehaviorSubject } from 'rxjs';
import type { OpenMqttSession } from './bridge.js';

/**
 * Where the broker is and who connects.
 */
export interface MqttBrokerOptions {
  /** `mqtt://HOST:PORT` or `mqtts://HOST:PORT`. */
  readonly url: string;
  /** User name for the broker. */
  readonly username?: string | undefined;
  /** Password for the broker. */
  readonly password?: string | undefined;
  /** Certificates in PEM that the broker's is checked with. Default: those of Node. */
  readonly ca?: string | undefined;
  /** Called with each error of the connection, which is opened again. */
  readonly onError?: ((error: Error) => void) | undefined;
}

/** Time in s without traffic after which the client asks whether the connection is alive. */
const KEEP_ALIVE = 15;

/** Time in ms between attempts to connect. */
const RECONNECT_PERIOD = 2_000;

/** Time in ms for the last message. */
const LINGER = 1_000;

/**
 * A session with a real broker, over the `mqtt` package, which connects again whenever the connection is lost.
 *
 * Messages have QoS 0: each connection publishes all of them again, so that a queue of unacknowledged ones would only
 * repeat outdated states.
 *
 * @param agent the name of the agent
 * @param options see {@link MqttBrokerOptions}
 * @returns opens the session
 */
export function mqttSession(agent: string, options: MqttBrokerOptions): OpenMqttSession {
  const { url, username, password, ca, onError = () => {} } = options;
  return (will) => {
    const connected$ = new BehaviorSubject(false);
    const settings: IClientOptions = {
      // Who knows the identifier of a client can end its session, so that a part of it cannot be guessed.
      clientId: `a7600-${agent}-${globalThis.crypto.randomUUID()}`,
      clean: true,
      keepalive: KEEP_ALIVE,
      reconnectPeriod: RECONNECT_PERIOD,
      // A broker that does not know the password yet may be configured later.
      reconnectOnConnackError: true,
      queueQoSZero: false,
      will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: true },
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
      ...(ca !== undefined && { ca }),
    };
    const client = connect(url, settings);
    // Whether why there is no connection was said, or is known.
    let isSaid = false;
    const failed = (error: Error) => {
      isSaid = true;
      onError(error);
    };
    client.on('connect', () => connected$.next(true));
    const closed = () => {
      // What is no broker hangs up, of which the package makes no error.
      if (!connected$.value && !isSaid)
        failed(new Error('closed the connection before it answered as a broker does'));
      isSaid = false;
      connected$.next(false);
    };
    client.on('close', closed);
    client.on('error', failed);
    return {
      connected$: connected$.asObservable(),
      publish: ({ topic, payload }) => void client.publish(topic, payload, RETAINED),
      end(last) {
        client.off('close', closed);
        connected$.complete();
        if (!client.connected) {
          client.end(true);
          return;
        }
        const late = setTimeout(() => client.end(true), LINGER);
        client.publish(last.topic, last.payload, RETAINED, () => client.end(false, () => clearTimeout(late)));
      },
    };
  };
}

const RETAINED = { qos: 0, retain: true } as const;

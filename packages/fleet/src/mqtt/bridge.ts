import {
  asyncScheduler,
  defer,
  distinctUntilChanged,
  EMPTY,
  interval,
  merge,
  Observable,
  type SchedulerLike,
  switchMap,
  tap,
  throttleTime,
} from 'rxjs';
import { AVAILABILITY, type BridgedModem, type MqttMessage, messagesOf } from './messages.js';
import { retainedMessages } from './retained.js';

/** A session with a broker, as far as the bridge needs it. */
export interface MqttSession {
  /** Emits whether there is a connection, at once and with each change. */
  readonly connected$: Observable<boolean>;
  /** Publishes retained with QoS 1. Called only while there is a connection. */
  publish(message: MqttMessage): void;
  /** Publishes a last message and closes the connection in order. */
  end(last: MqttMessage): void;
}

/** Opens a session with a broker; `will` is what the broker publishes if the connection breaks. */
export type OpenMqttSession = (will: MqttMessage) => MqttSession;

/**
 * Settings of {@link mqttBridge}.
 */
export interface MqttBridgeOptions {
  /** The name of the agent. */
  readonly agent: string;
  /** The first levels of the topics of modems. Default `modem`. */
  readonly base?: string | undefined;
  /** The first levels of Home Assistant's discovery. Default `homeassistant`. */
  readonly discoveryPrefix?: string | undefined;
  /**
   * Time in s after which Home Assistant no longer shows a state that was not repeated: the states are repeated three
   * times as often. Default 60.
   */
  readonly expireAfter?: number | undefined;
  /** The version of the program, which Home Assistant shows. */
  readonly version?: string | undefined;
  /** Default: the scheduler of the platform. */
  readonly scheduler?: SchedulerLike | undefined;
}

/** How often a state is repeated before it would expire. */
const REPEATS = 3;

/** Time in ms in which changes become one. */
const PACE = 1_000;

/**
 * Keeps the modems of an agent visible to a broker. With each connection it publishes everything: an outage may have
 * lost any message, and the broker may have lost all. While there is none, it keeps nothing but the newest state.
 *
 * @param modems$ all modems of the agent, with each change
 * @param open opens the session with the broker
 * @param options see {@link MqttBridgeOptions}
 * @returns a cold observable that emits nothing; unsubscribing says that the agent is offline
 * @throws FleetError `INVALID_ARGUMENT`: a name cannot be part of a topic
 */
export function bridge(
  modems$: Observable<readonly BridgedModem[]>,
  open: OpenMqttSession,
  options: MqttBridgeOptions,
): Observable<never> {
  const {
    agent,
    base = 'modem',
    discoveryPrefix = 'homeassistant',
    expireAfter = 60,
    version,
    scheduler = asyncScheduler,
  } = options;
  const messages = messagesOf({ agent, base, discoveryPrefix, expireAfter, version });
  const { availability } = messages.topics;
  const will = { topic: availability, payload: AVAILABILITY.offline };

  return new Observable<never>((subscriber) => {
    const session = open(will);
    const retained = retainedMessages();
    const connection$ = defer(() => {
      retained.forget();
      session.publish({ topic: availability, payload: AVAILABILITY.online });
      let newest: readonly BridgedModem[] = [];
      const changes$ = modems$.pipe(
        throttleTime(PACE, scheduler, { leading: true, trailing: true }),
        tap((modems) => {
          newest = modems;
          const wanted = [...messages.discovery(modems), ...messages.state(modems)];
          for (const message of retained.update(wanted)) session.publish(message);
        }),
      );
      const repeats$ = interval((expireAfter / REPEATS) * 1_000, scheduler).pipe(
        tap(() => {
          for (const message of messages.state(newest)) session.publish(message);
        }),
      );
      return merge(changes$, repeats$);
    });
    const session$ = session.connected$.pipe(
      distinctUntilChanged(),
      switchMap((isConnected) => (isConnected ? connection$ : EMPTY)),
    );
    subscriber.add(session$.subscribe({ error: (error: unknown) => subscriber.error(error) }));
    // After the subscription above, so that nothing is published after the last message.
    subscriber.add(() => session.end(will));
  });
}

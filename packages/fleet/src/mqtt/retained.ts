import type { MqttMessage } from './messages.js';

/** What a broker retains of this program. */
export interface Retained {
  /** Forgets what the broker has, so that all of it is published again. */
  forget(): void;
  /** The messages that bring the broker from what it has to what is wanted; the others' topics are deleted. */
  update(wanted: readonly MqttMessage[]): MqttMessage[];
}

/**
 * Remembers what was published, to publish differences only.
 *
 * @returns a {@link Retained} that knows of nothing yet
 */
export function retainedMessages(): Retained {
  /** Payloads by topic; undefined where the broker may have another one. */
  const published = new Map<string, string | undefined>();
  return {
    forget() {
      for (const topic of published.keys()) published.set(topic, undefined);
    },
    update(wanted) {
      const topics = new Set(wanted.map(({ topic }) => topic));
      const outdated = [...published.keys()].filter((topic) => !topics.has(topic));
      for (const topic of outdated) published.delete(topic);
      const changed = wanted.filter(({ topic, payload }) => published.get(topic) !== payload);
      for (const { topic, payload } of changed) published.set(topic, payload);
      return [...outdated.map((topic) => ({ topic, payload: '' })), ...changed];
    },
  };
}

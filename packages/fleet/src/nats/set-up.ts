import {
  DiscardPolicy,
  JetStreamApiError,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type StreamInfo,
} from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { type NatsConnection, nanos } from '@nats-io/nats-core';
import { FleetError } from '../base/errors.js';
import { BUCKET, EVENT_SUBJECTS, EVENTS } from '../protocol/subjects.js';

const MIB = 2 ** 20;
const DAY = 86_400_000;

/** Creates what is missing of bucket and stream, and checks what is there. */
export async function setUp(connection: NatsConnection): Promise<void> {
  const manager = await jetstreamManager(connection, { checkAPI: false });
  const info = async (stream: string): Promise<StreamInfo | undefined> => {
    try {
      return await manager.streams.info(stream);
    } catch (error) {
      if (error instanceof JetStreamApiError && error.status === 404) return undefined;
      throw error;
    }
  };
  const bucket = await info(`KV_${BUCKET}`);
  if (bucket === undefined) {
    await new Kvm(connection).create(BUCKET, { history: 1, storage: StorageType.File, allow_direct: true });
  } else check(bucket);
  const events = await info(EVENTS);
  if (events !== undefined) check(events);
  else {
    await manager.streams.add({
      name: EVENTS,
      subjects: [EVENT_SUBJECTS],
      storage: StorageType.File,
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.Old,
      max_age: nanos(7 * DAY),
      max_bytes: 64 * MIB,
      duplicate_window: nanos(120_000),
      allow_direct: true,
    });
  }
}

/** A stream in memory is gone after a restart of the server, and the watches on it stay silent. */
function check({ config }: StreamInfo): void {
  if (config.storage === StorageType.File && config.allow_direct) return;
  throw new FleetError(
    'NOT_SET_UP',
    `The stream ${config.name} exists with ${config.storage} storage and direct reads ${config.allow_direct ? 'on' : 'off'}. ` +
      'The fleet needs file storage and direct reads: delete the stream, or correct it.',
  );
}

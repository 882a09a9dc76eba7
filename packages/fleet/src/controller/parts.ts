import type { Dialect } from '@a7600/at-codec';
import type { SchedulerLike } from 'rxjs';
import type { Directory } from './directory.js';
import type { RemoteStreams } from './remote-streams.js';
import type { Requester } from './requester.js';

/** What modems of the fleet share. */
export interface FleetParts {
  readonly directory: Directory;
  readonly requester: Requester;
  readonly streams: RemoteStreams;
  readonly dialect: Dialect;
  /** Time in ms for the way of a request and its turn in the queue, beyond the module's own. */
  readonly turnTimeout: number;
  readonly clock: () => number;
  readonly scheduler: SchedulerLike;
}

import { switchMap, throwError, timer } from 'rxjs';
import { expect, test } from 'vitest';
import { virtualTime } from '../../../testing/test/virtual-time.js';
import { MemoryServer } from '../../test/memory-engine.js';
import { observe } from '../../test/world.js';
import { FleetError } from '../base/errors.js';
import { VERBS } from '../protocol/subjects.js';
import { runAgent } from './agent.js';

/** How many subscriptions an agent has: to frames, to the roll call, and to each verb. */
const SUBSCRIPTIONS = 2 + VERBS.length;

test.each(Array.from({ length: SUBSCRIPTIONS }, (_, index) => index))(
  'when the server refuses subscription %i, the agent ends with that error, and no error is unhandled',
  (refused) => {
    const { scheduler, advance } = virtualTime();
    const engine = new MemoryServer(scheduler).connect();
    const error = new FleetError('NOT_PERMITTED', 'Subscribing is not permitted.');
    let count = 0;
    const subscribe = engine.messages$.bind(engine);
    // The server answers a moment later.
    const refusing = timer(1, scheduler).pipe(switchMap(() => throwError(() => error)));
    engine.messages$ = (subject) => (count++ === refused ? refusing : subscribe(subject));
    const options = {
      name: 'ROOF-17',
      scheduler,
      clock: () => scheduler.now(),
      newId: () => 'instance-of-the-agent0',
      date: () => '',
    };
    const agent = observe(runAgent(engine, [], options));
    advance(10);
    expect(count).toBe(SUBSCRIPTIONS);
    expect(agent.end).toBe(error);
    advance(10_000);
  },
);

/**
 * The transparent session: the one connection whose bytes are the bytes of the line.
 *
 * @module
 */

import { dtr } from '@a7600/at-codec';
import { concat, defer, EMPTY, ignoreElements, type Observable } from 'rxjs';
import { ModemError } from '../base/errors.js';
import { hasModemLines } from '../line/modem-signals.js';
import { TRANSPARENT_LINK } from '../line/online-commands.js';
import { assertOpen, type NetworkScope } from '../sockets/scope.js';
import { dial } from './dial.js';
import type { TransparentOptions } from './options.js';
import { serve } from './serve.js';
import { TransparentLink, type TransparentSettings } from './transparent-link.js';
import type { TransparentSession } from './transparent-session.js';

/** Opens a transparent session when subscribed to; see `Network.transparent`. */
export function transparent(
  scope: NetworkScope,
  options: TransparentOptions,
): Observable<TransparentSession> {
  const { session } = scope;
  const { leaveBy = 'plus', confirmInterval = session.confirmInterval, commands = 'wait' } = options;
  return defer(() => {
    assertOpen(scope, 'transparent');
    if (leaveBy === 'dtr' && !hasModemLines(session.data.link)) {
      throw new ModemError('WRONG_MODE', 'The link to the module has no DTR line: leave data mode by plus.');
    }
    const current = session.links.get(TRANSPARENT_LINK);
    if (current !== undefined && !(current instanceof TransparentLink && current.isReleased)) {
      throw new ModemError(
        'CAPACITY',
        'The module has one transparent connection at a time: close it first.',
      );
    }
    const settings: TransparentSettings = {
      leaveBy,
      confirmInterval: confirmInterval === false ? undefined : confirmInterval,
      yields: commands === 'interrupt',
    };
    const dtr$ = leaveBy === 'dtr' ? session.data.lane.run(dtr({ mode: 1 })).pipe(ignoreElements()) : EMPTY;
    const session$ = 'listen' in options ? serve(scope, options, settings) : dial(scope, options, settings);
    return concat(session.line.whenFree(), dtr$, session$);
  });
}

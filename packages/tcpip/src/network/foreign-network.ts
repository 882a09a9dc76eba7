import { concat, map, type Observable, reduce } from 'rxjs';
import type { Lane } from '../lane/lane.js';
import { readSetting, type Setting } from '../lane/setting.js';
import type { NetworkOptions } from './options.js';
import {
  BUFFERED,
  CONFIGURATION,
  CONTEXT,
  type Context,
  type CurrentSettings,
  HEADERS,
  SENDERS,
  TRANSPARENT,
} from './settings.js';

/** How received data is to come, by setting. */
export type Receiving = readonly (readonly [Setting<boolean>, boolean])[];

/** What `options` ask for of how received data comes. */
export function receivingOf({ receive, transparent = false }: NetworkOptions): Receiving {
  if (transparent) return [];
  if (receive !== 'push') return [[BUFFERED, true]];
  return [
    [BUFFERED, false],
    [HEADERS, true],
    [SENDERS, true],
  ];
}

/**
 * Emits the names of the settings of an open network that are not as `options` ask for, of those that make a difference
 * to what the network does. Sets nothing. Cold.
 *
 * @param context the wanted one
 */
export function differences(
  lane: Lane,
  options: NetworkOptions,
  context: Context | undefined,
  { configuration, ...current }: CurrentSettings,
): Observable<readonly string[]> {
  const { transparent = false, timeouts, keepAlive, retries, retransmission } = options;
  const isOther = <T>(wanted: T | undefined, now: T | undefined) =>
    wanted !== undefined && now !== undefined && wanted !== now;
  const known: readonly (readonly [name: string, differs: boolean])[] = [
    [CONTEXT.name, !CONTEXT.same(current.context, context)],
    [TRANSPARENT.name, (current.transparent ?? false) !== transparent],
    [
      CONFIGURATION.name,
      isOther(retries, configuration?.retries) || isOther(retransmission, configuration?.retransmission),
    ],
    // What these set holds for all links, and cannot be read for one.
    ['AT+CIPTIMEOUT', timeouts !== undefined],
    ['AT+CTCPKA', keepAlive !== undefined],
  ];
  const read = receivingOf(options).map(([setting, wanted]) =>
    readSetting(lane, setting).pipe(map((now) => [setting.name, isOther(wanted, now)] as const)),
  );
  return concat(known, ...read).pipe(
    reduce((names, [name, differs]) => (differs ? [...names, name] : names), [] as readonly string[]),
  );
}

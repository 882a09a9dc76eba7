import { test } from 'vitest';
import { type Property, tryProperty } from '../../../../tools/properties.js';
import { effort } from '../../../../tools/thorough.js';
import { properties } from './index.js';
import regressions from './regressions.json' with { type: 'json' };

/** Bounded: `npm run fuzz` has no end. Transparent sessions wait through many guard times, which takes longer. */
const SESSIONS = effort(40, 700);
const TRANSPARENT_SESSIONS = effort(20, 200);
/** Each plays an hour with a watch that asks all the time. */
const SILENT_SESSIONS = effort(15, 100);

/** Each lasts half an hour, most of it idle. */
const USERS = effort(20, 150);

/** Time in ms that a property has: minutes on a loaded machine. */
const LIMIT = 600_000;

/** Tries the properties whose name begins so. A file each, so that they run side by side. */
export function testProperties(name: string): void {
  const runs = ({ name }: Property) => {
    if (name.startsWith('silence')) return SILENT_SESSIONS;
    if (name.startsWith('users')) return USERS;
    return name.includes('transparent') ? TRANSPARENT_SESSIONS : SESSIONS;
  };
  test.each(properties.filter((property) => property.name.startsWith(name)))(
    '$name',
    (property) => tryProperty(property, regressions, runs(property)),
    LIMIT,
  );
}

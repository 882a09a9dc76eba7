import { civilTime, padded } from '../../calendar.js';
import type { Behaviour } from '../at/behaviour.js';
import { ok, okThen, type Reply, refuse } from '../at/reply.js';
import { number } from '../at/values.js';
import { placeOf } from '../gnss/receiver.js';
import type { Module } from '../module.js';

/** `<type>`: where the cell is, and the same with the time. */
const PLACE = 1;
const PLACE_AND_TIME = 4;

/** How exact a place is that cells give, in m. */
const ACCURACY = 550;

/** `<ret_code>`: found, and without a network. */
const FOUND = 0;
const NO_NETWORK = 2;

/** The place by the cell (AT command manual, 23). */
export const cellLocation: readonly Behaviour[] = [
  {
    command: '+CLBS',
    maxTime: 120_000,
    test: () => ok('+CLBS: (1,4),(1-15)'),
    write: ({ values: [typeText, cid] }, module) => locate(number(typeText, 1, 4), cid, module),
  },
];

function locate(type: number | undefined, cid: string | undefined, module: Module): Reply {
  if (type !== PLACE && type !== PLACE_AND_TIME) return refuse();
  if (cid !== undefined && number(cid, 1, 15) === undefined) return refuse();
  return okThen(() => module.conclude(`+CLBS: ${answer(type, module)}`));
}

function answer(type: number, module: Module): string {
  const place = placeOf(module);
  if (!module.radio.bearer || place === undefined) return String(NO_NETWORK);
  const where = `${FOUND},${place.latitude.toFixed(6)},${place.longitude.toFixed(6)},${ACCURACY}`;
  if (type === PLACE) return where;
  const { year, month, day, hour, minute, second } = civilTime(module.mobile.now());
  const time = [hour, minute, second].map((value) => padded(value)).join(':');
  return `${where},${year}/${padded(month)}/${padded(day)},${time}`;
}

import type { Behaviour } from '../at/behaviour.js';
import { cmeError, ok, okSpaced, okThen, refuse } from '../at/reply.js';
import { number } from '../at/values.js';
import type { Module } from '../module.js';

/** Types of a PDP context. */
const TYPES = ['IP', 'IPV6', 'IPV4V6'];

/** The default bearer of LTE. */
const DEFAULT_BEARER = 1;
/** EPS bearer identity of the first bearer (3GPP TS 24.301). */
const BEARER_ID = 5;

/** PDP contexts and attachment (protocol 4.3). */
export const pdp: readonly Behaviour[] = [
  {
    command: '+CGDCONT',
    test: () => ok(...TYPES.map((type) => `+CGDCONT: (1-15),"${type}",,,(0-2),(0-4)`)),
    read: (_, module) =>
      listing(
        '+CGDCONT',
        [...module.stored.contexts].map(
          ([cid, { type, apn }]) => `${cid},"${type}","${apn}"${module.profile.contextTail}`,
        ),
        module,
      ),
    write: ({ values: [cid, type, apn = ''] }, { stored }) => {
      const id = number(cid, 1, 15);
      if (id === undefined) return refuse();
      if (type === undefined) stored.contexts.delete(id);
      else if (TYPES.includes(type)) stored.contexts.set(id, { type, apn });
      else return refuse();
      return ok();
    },
  },
  {
    command: '+CGACT',
    maxTime: 120_000,
    test: () => ok('+CGACT: (0,1)'),
    read: (_, module) =>
      listing(
        '+CGACT',
        [...module.stored.contexts.keys()].map((cid) => `${cid},${module.radio.isActive(cid) ? 1 : 0}`),
        module,
      ),
    write: ({ values: [state, cid] }, module) => {
      const wanted = number(state, 0, 1);
      const id = number(cid, 1, 15);
      if (wanted === undefined || id === undefined) return refuse();
      const { radio, profile, stored } = module;
      if (id === DEFAULT_BEARER && profile.defaultBearer === 'cannot be switched') return cmeError(33);
      const known = id === DEFAULT_BEARER || stored.contexts.has(id);
      const possible = id === DEFAULT_BEARER ? radio.registration !== 0 : radio.bearer;
      if (!known || (wanted === 1 && !possible)) return cmeError(148);
      return okThen(() => radio.switchContext(id, wanted === 1));
    },
  },
  {
    command: '+CGATT',
    maxTime: 120_000,
    test: () => ok('+CGATT: (0,1)'),
    read: (_, { radio }) => ok(`+CGATT: ${radio.attached && radio.registration !== 0 ? 1 : 0}`),
    write: ({ values }, module) => {
      const attached = number(values[0], 0, 1);
      if (attached === undefined) return refuse();
      return okThen(() => module.radio.setAttached(attached === 1));
    },
  },
  {
    command: '+CGPADDR',
    test: (_, module) => ok(`+CGPADDR: (${[...module.stored.contexts.keys()].join()})`),
    execute: (_, module) => addresses([...module.stored.contexts.keys()], module),
    write: ({ values }, module) => {
      const ids = values.map((value) => number(value, 1, 15));
      return ids.includes(undefined) ? refuse() : addresses(ids as number[], module);
    },
  },
  {
    command: '+CGCONTRDP',
    test: (_, module) => ok(`+CGCONTRDP: (${[...module.stored.contexts.keys()].join()})`),
    execute: (_, module) => ok(...[...module.stored.contexts.keys()].flatMap((cid) => given(cid, module))),
    write: ({ values: [cid] }, module) => {
      const id = number(cid, 1, 15);
      return id === undefined ? refuse() : ok(...given(id, module));
    },
  },
  {
    command: '+CSOCKSETPN',
    test: () => ok('+CSOCKSETPN: (1),(1,6)'),
    read: (_, { settings }) => ok(`+CSOCKSETPN: 1,${settings.addressFamily}`),
    write: ({ values: [profile, family = '1'] }, { settings, sockets }) => {
      const known = profile === '1' && (family === '1' || family === '6');
      if (!known || sockets.state !== 'closed') return refuse();
      settings.addressFamily = Number(family);
      return ok();
    },
  },
];

/** What the network has given to a context (3GPP TS 27.007, 10.1.23); no line for one that is not active. */
function given(cid: number, { radio, sockets, stored, network }: Module): string[] {
  if (!radio.isActive(cid)) return [];
  const defined = stored.contexts.get(cid)?.apn ?? '';
  const apn = cid === DEFAULT_BEARER && sockets.open ? sockets.apn : defined;
  return [`+CGCONTRDP: ${cid},${BEARER_ID},"${apn}","${network.address}"`];
}

/** A line without an address is left out; `OK` alone is an answer, too. */
function addresses(ids: readonly number[], module: Module) {
  const quote = module.profile.quotedAddresses ? '"' : '';
  const lines = ids
    .filter((cid) => module.radio.isActive(cid))
    .map((cid) => `+CGPADDR: ${cid},${quote}${module.network.address}${quote}`);
  return ok(...lines);
}

function listing(command: string, lines: readonly string[], { profile }: Module) {
  const whole = lines.map((line) => `${command}: ${line}`);
  return profile.spacedListings.includes(command) ? okSpaced(...whole) : ok(...whole);
}

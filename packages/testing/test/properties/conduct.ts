import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Property, property } from '../../../../tools/properties.js';
import type { EmulatorEvent, LinkState } from '../../src/emulator/events.js';
import { allFaults } from '../../src/emulator/faults/kinds.js';
import { a76xx } from '../../src/emulator/profiles/a76xx.js';
import { note100 } from '../../src/emulator/profiles/note-1.00.js';
import { sim7600 } from '../../src/emulator/profiles/sim7600.js';
import type { ModuleState } from '../../src/emulator/state.js';
import { instant, recorded } from '../../src/emulator/timing.js';
import { PEER } from '../console.js';
import { textOf } from '../observing.js';
import { actions, type Stage, stage } from './actions.js';

/** Where chance begins: from nothing alone it would take it long to get to a connection. */
const BEGINNINGS: Readonly<Record<string, readonly string[]>> = {
  nothing: [],
  online: ['+CIPRXGET=1', '+NETOPEN'],
  connected: ['+NETOPEN', `+CIPOPEN=0,"TCP","${PEER.host}",${PEER.port}`, `+CIPOPEN=1,"UDP",,,5000`],
  listening: ['+CIPRXGET=1', '+NETOPEN', '+SERVERSTART=7,0', '+SERVERSTART=8080,1'],
  transparent: ['+CIPMODE=1', '+NETOPEN', `+CIPOPEN=0,"TCP","${PEER.host}",${PEER.port}`],
};

/** How the module is that things happen to. */
const setting = fc.record({
  profile: fc.constantFrom('a76xx', 'note-1.00', 'sim7600'),
  slow: fc.boolean(),
  uart: fc.boolean(),
  /** What has happened before. */
  begin: fc.constantFrom(...Object.keys(BEGINNINGS)),
});
type Setting = typeof setting extends fc.Arbitrary<infer T> ? T : never;

const PROFILES: Readonly<Record<string, typeof a76xx>> = { a76xx, 'note-1.00': note100, sim7600 };

function begun(how: Setting, more: Parameters<typeof stage>[0] = {}): Stage {
  const made = stage({ ...optionsOf(how), ...more });
  for (const text of BEGINNINGS[how.begin] ?? []) {
    made.perform({ do: 'line', text: `AT${text}` });
    made.perform({ do: 'wait', ms: 500 });
  }
  return made;
}

function optionsOf({ profile, slow, uart }: Setting) {
  return {
    profile: PROFILES[profile] ?? a76xx,
    timing: slow ? recorded : instant,
    ...(uart && { uart: {} }),
  };
}

export const conductProperties: readonly Property[] = [
  property(
    'every command line gets its final result, and in the time that its command may take',
    fc.record({ setting, actions }),
    ({ setting: how, actions: steps }) => {
      const { console, perform } = begun(how);
      const overdue = watchResults(console);
      for (const step of steps) {
        perform(step);
        overdue();
      }
      leaveData(console);
      overdue();
    },
  ),
  property(
    'whatever happens, the state of the module makes sense, and is what the events tell',
    fc.record({ setting, actions }),
    ({ setting: how, actions: steps }) => {
      const { console, perform } = begun(how);
      const { control } = console.module;
      const links = watchLinks(console);
      for (const step of steps) {
        perform(step);
        checkState(control.state);
        const states = control.state.links.map(({ state }) => state);
        assert.deepEqual(links, states, 'the events of the links');
        assert.equal(control.openLinks, states.filter((state) => state !== 'free').length);
        assert.equal(control.openServers, control.state.servers.length);
      }
    },
  ),
  property(
    'what AT+CIPOPEN?, AT+CIPCLOSE? and AT+NETOPEN? print is the state',
    fc.record({ setting: setting.map((how) => ({ ...how, uart: false, slow: false })), actions }),
    ({ setting: how, actions: steps }) => {
      const { console, perform } = begun(how);
      for (const step of steps) perform(step);
      // A line that waits for the end of another one may switch the module off.
      leaveData(console);
      console.module.control.powerOn();
      settle(console);
      const { links, network } = console.module.control.state;
      const open = links.map(({ state }) => (state === 'open' ? 1 : 0));
      assert.ok(console.at('+CIPCLOSE?').includes(`\r\n+CIPCLOSE: ${open.join(',')}\r\n`));
      assert.ok(console.at('+NETOPEN?').includes(`\r\n+NETOPEN: ${network === 'open' ? 1 : 0}\r\n`));
      const listed = [...console.at('+CIPOPEN?').matchAll(/\+CIPOPEN: (\d)(,?)/g)];
      assert.deepEqual(
        listed.map(([, number, more]) => [Number(number), more === ',' ? 1 : 0]),
        open.map((used, number) => [number, used]),
      );
    },
  ),
  property(
    'the same seed gives the same bytes at the same times, whatever goes wrong',
    fc.record({ setting, actions, seed: fc.nat(), rate: fc.double({ min: 0, max: 0.2, noNaN: true }) }),
    ({ setting: how, actions: steps, seed, rate }) => {
      const play = () => {
        const rates = Object.fromEntries(allFaults().map((kind) => [kind, rate]));
        const { console, perform } = begun(how, { faults: { seed, rates } });
        const told: string[] = [];
        console.module.control.events$.subscribe((event) => told.push(`${console.now()} ${summary(event)}`));
        const printed = steps.map((step) => {
          perform(step);
          return console.printed();
        });
        return { told, printed };
      };
      assert.deepEqual(play(), play());
    },
  ),
];

type Watched = Stage['console'];

/** Commands whose own time is longer than that of the others (protocol 3, 4). */
const SLOW = /^([+$#](NETOPEN|NETCLOSE|CIPOPEN|CIPCLOSE|CDNSGIP|CFUN|COPS|CGACT|CGATT)|[A-Z&])/i;

/** Returns what throws when a command has waited for its result for too long. */
function watchResults({ module, now }: Watched): () => void {
  const { control } = module;
  const late: string[] = [];
  let current: { readonly text: string; readonly due: number } | undefined;
  control.events$.subscribe((event) => {
    if (event.kind === 'power') current = undefined;
    if (event.kind === 'command') {
      if (current !== undefined) late.push(`${event.text} began while ${current.text} was going on`);
      current = { text: event.text, due: now() + limitOf(event.text) };
    }
    if (event.kind === 'printed' && event.what === 'answer' && FINAL.test(textOf(event.bytes))) {
      if (current !== undefined && now() > current.due) late.push(`${current.text} took too long`);
      current = undefined;
    }
    // ATQ1 silences its own result already.
    if (control.state.settings.quiet) current = undefined;
  });
  return () => {
    if (control.state.settings.quiet) current = undefined;
    if (current !== undefined && now() > current.due) late.push(`${current.text} has no result`);
    assert.deepEqual(late, []);
  };
}

/** Time in ms that a command may take: its own, and where it asks for payload, the host's too. */
function limitOf(line: string): number {
  if (line.includes(';')) return 260_000;
  const command = line.trim().replace(/^at\s*/i, '');
  if (/^[+$#]CIPSEND/i.test(command)) return 240_000;
  return SLOW.test(command) ? 130_000 : 9_100;
}

/** A final result, in words or as a number. */
const FINAL = /^(\r\n(OK|ERROR|CONNECT.*|NO CARRIER|\+CME ERROR: .*)\r\n|[0134]\r)$/;

/** The state of each link as the events tell it; `repeated` where one was told twice. */
function watchLinks({ module }: Watched): (LinkState | 'repeated')[] {
  const states: (LinkState | 'repeated')[] = module.control.state.links.map(({ state }) => state);
  module.control.events$.subscribe((event) => {
    if (event.kind !== 'link') return;
    states[event.link] = states[event.link] === event.state ? 'repeated' : event.state;
  });
  return states;
}

function checkState({ power, mode, network, links, servers, lostInput }: ModuleState): void {
  assert.equal(links.length, 10);
  assert.ok(lostInput >= 0);
  for (const { number, state, sent, acknowledged, received, unread } of links) {
    assert.ok(acknowledged <= sent, `link ${number}: ${acknowledged} of ${sent} acknowledged`);
    assert.ok(unread <= received, `link ${number}: ${unread} of ${received} unread`);
    assert.ok(state === 'free' || network === 'open', `link ${number} is ${state}, the network ${network}`);
  }
  assert.ok(servers.length === 0 || network === 'open', `servers, and the network is ${network}`);
  assert.equal(new Set(servers.map(({ index }) => index)).size, servers.length);
  assert.equal(new Set(servers.map(({ port }) => port)).size, servers.length);
  if (mode !== 'command') assert.ok(links[0]?.state === 'open' && links[0].transparent);
  if (power !== 'on') assert.deepEqual([network, mode], ['closed', 'command']);
}

/** Lets everything come to its end, in command mode, with results in words. */
function settle(console: Watched): void {
  leaveData(console);
  console.type('\r');
  console.wait(10_000);
  console.at('V1Q0E0');
  console.wait(10_000);
  console.printed();
}

/** Lets data mode end, and a prompt, which waits for as long as a send may take. */
function leaveData(console: Watched): void {
  // A connection may still be on its way.
  console.wait(130_000);
  console.type('+++');
  console.wait(130_000);
}

function summary(event: EmulatorEvent): string {
  return Object.entries(event)
    .map(([key, value]) => `${key} ${value instanceof Uint8Array ? textOf(value) : String(value)}`)
    .join(', ');
}

import type { KeepOnlineOptions } from '@a7600/tcpip';
import {
  type Emulator,
  type EmulatorOptions,
  emulator,
  type MemoryNetwork,
  memoryNetwork,
} from '@a7600/testing';
import { BehaviorSubject, type Observable, of, type Subscription } from 'rxjs';
import { virtualTime } from '../../testing/test/virtual-time.js';
import { type AgentStatus, runAgent } from '../src/agent/agent.js';
import type { AgentModem, Procedure } from '../src/agent/modem-host.js';
import { type Fleet, openFleet } from '../src/controller/fleet.js';
import { type MemoryConnection, MemoryServer } from './memory-engine.js';

/** What an observable has done so far. */
export interface Observed<T> {
  readonly values: T[];
  readonly end: 'open' | 'complete' | (Error & { readonly code?: string });
  readonly last: T;
  readonly subscription: Subscription;
}

export function observe<T>(source: Observable<T>): Observed<T> {
  const values: T[] = [];
  let end: Observed<T>['end'] = 'open';
  const subscription = source.subscribe({
    next: (value) => values.push(value),
    error: (error: Error) => {
      end = error;
    },
    complete: () => {
      end = 'complete';
    },
  });
  return {
    values,
    subscription,
    get end() {
      return end;
    },
    get last() {
      if (values.length === 0) throw new Error(`Nothing was emitted: ${String(end)}`);
      return values.at(-1) as T;
    },
  };
}

/** A program of the fleet, with its connection. */
export interface Program<T> {
  readonly connection: MemoryConnection;
  readonly observed: Observed<T>;
}

/** A server, agents with emulated modules and controllers, in virtual time. */
export function fleetWorld() {
  const { scheduler, advance } = virtualTime();
  const server = new MemoryServer(scheduler);
  const outside: MemoryNetwork = memoryNetwork({ scheduler });
  const modules = new Map<string, Emulator>();
  const commands = new Map<string, string[]>();
  let ids = 0;
  const newId = () => `id${String(++ids).padStart(20, '0')}`;
  return {
    scheduler,
    server,
    outside,
    modules,
    commands,
    advance,
    agent(
      name: string,
      names: readonly string[],
      procedures: Readonly<Record<string, Procedure>> = {},
      emulated: Partial<EmulatorOptions> = {},
      online: KeepOnlineOptions = {},
    ): Program<AgentStatus> & { drop(modem: string): void } {
      const connection = server.connect();
      const modems = names.map((each): AgentModem => {
        const module = emulator({ scheduler, network: outside, ...emulated });
        const sent: string[] = [];
        module.control.events$.subscribe((event) => {
          if (event.kind === 'command') sent.push(event.text);
        });
        modules.set(`${name}/${each}`, module);
        commands.set(`${name}/${each}`, sent);
        return { name: each, transport: module, procedures, online };
      });
      const options = {
        name,
        scheduler,
        clock: () => scheduler.now(),
        newId,
        date: () => String(scheduler.now()),
      };
      const modems$ = new BehaviorSubject<readonly AgentModem[]>(modems);
      return {
        connection,
        observed: observe(runAgent(connection, modems$, options)),
        drop: (modem) => modems$.next(modems$.value.filter((each) => each.name !== modem)),
      };
    },
    controller(): Program<Fleet> {
      const connection = server.connect();
      return {
        connection,
        observed: observe(openFleet(connection, { scheduler, clock: () => scheduler.now(), newId })),
      };
    },
  };
}

/** One agent `ROOF-17` with the modems `east` and `west`, online, and a controller. */
export function startedFleet(options: { readonly online?: KeepOnlineOptions } = {}) {
  const { agent: startAgent, ...world } = fleetWorld();
  const procedures: Readonly<Record<string, Procedure>> = { answer: (_, argument) => of({ argument }) };
  const agent = startAgent('ROOF-17', ['east', 'west'], procedures, {}, options.online);
  const controller = world.controller();
  world.advance(3_000);
  return { ...world, startAgent, agent, controller, fleet: controller.observed.last };
}

import type { Subscription } from 'rxjs';
import { bundle } from '../processes/bundle.js';
import { program, type Server } from '../processes/programs.js';
import type { Findings } from './findings.js';
import { Kept } from './kept.js';
import { type AgentTruth, type ControllerTruth, History, type Statement } from './list-judge.js';
import type { Kind } from './plan.js';
import { proxy } from './proxy.js';

const AGENTS = 3;
const CONTROLLERS = 2;
/** Modems of each agent; the first is the one that dies in silence. */
const MODEMS = 2;
/** Bytes on their way to a program over all streams: so few that consumers that stop are felt by the peers. */
const BUDGET = 131_072;

/** What a controller has said last. */
export interface Witness {
  readonly name: string;
  readonly truth: ControllerTruth;
  presences: Readonly<Record<string, string>>;
}

/** The programs of a run. */
export interface Cast {
  readonly kinds: readonly Kind[];
  /** Makes something happen, and returns what ends it. */
  begin(kind: string, target: string): () => unknown;
  readonly witnesses: readonly Witness[];
  /** What is true of the agent of a modem, and what a witness says of it. */
  readonly modems: readonly {
    readonly id: string;
    readonly isFirst: boolean;
    readonly truth: AgentTruth;
    said(witness: Witness): Statement;
  }[];
}

/** Starts agents and controllers, each with a way of its own to the server. */
export async function cast(
  open: Subscription,
  server: Server,
  echoPort: number,
  findings: Findings,
): Promise<Cast> {
  const agentFile = await bundle(open, new URL('../processes/agent.ts', import.meta.url));
  const controllerFile = await bundle(open, new URL('controller.ts', import.meta.url));
  const there = Array.from({ length: AGENTS }, () => new History(false));
  const answers = Array.from({ length: AGENTS }, () => new History(true));
  let isServing = true;
  let isComplete = false;
  const agents: Kept[] = [];
  const controllers: Kept[] = [];
  const witnesses: Witness[] = [];
  /** Notes what is true from now on. */
  const note = () => {
    if (!isComplete) return;
    const now = performance.now();
    for (const [index, each] of agents.entries())
      there[index]?.set(isServing && each.isAwake && !each.isCut, now);
    for (const [index, each] of controllers.entries()) {
      witnesses[index]?.truth.awake.set(each.isAwake, now);
      witnesses[index]?.truth.reaches.set(isServing && each.isAwake && !each.isCut, now);
    }
  };
  for (let index = 0; index < AGENTS; index++) {
    const way = await proxy(open, server.port);
    const name = `ROOF-${index}`;
    const start = () => {
      answers[index]?.set(true, performance.now());
      const running = program(open, agentFile, way.url, name, String(MODEMS), String(BUDGET));
      findings.agent(name, running);
      return running;
    };
    agents.push(new Kept(way, start, note));
  }
  for (let index = 0; index < CONTROLLERS; index++) {
    const way = await proxy(open, server.port);
    const name = `DESK-${index}`;
    const truth = { awake: new History(false), reaches: new History(false) };
    const witness: Witness = { name, truth, presences: {} };
    const start = () => {
      witness.presences = {};
      const args = [way.url, String(index), String(echoPort), String(AGENTS), String(MODEMS), String(BUDGET)];
      const running = program(open, controllerFile, ...args);
      findings.controller(name, running);
      running.listen(({ presences }) => {
        if (presences !== undefined) witness.presences = presences;
      });
      return running;
    };
    witnesses.push(witness);
    controllers.push(new Kept(way, start, note));
  }
  isComplete = true;
  note();

  const named = new Map<string, Kept>([
    ...agents.map((each, index) => [`ROOF-${index}`, each] as const),
    ...controllers.map((each, index) => [`DESK-${index}`, each] as const),
  ]);
  const roofs = agents.map((_, index) => `ROOF-${index}`);
  const desks = controllers.map((_, index) => `DESK-${index}`);
  const serve = (is: boolean) => {
    isServing = is;
    note();
  };
  /** What begins something and what ends it, by name. */
  const deeds: Readonly<Record<string, (target: Kept, index: number) => () => unknown>> = {
    ...deedsOfServer(server, serve),
    'kill -9 of an agent': killed,
    'kill -9 of a controller': killed,
    'SIGSTOP of an agent': stopped,
    'SIGSTOP of a controller': stopped,
    'half-open partition of an agent': cutOff,
    'half-open partition of a controller': cutOff,
    'a modem dies in silence': (target, index) => {
      const silent = (isSilent: boolean) => {
        target.tell({ isSilent });
        answers[index]?.set(!isSilent, performance.now());
      };
      silent(true);
      return () => silent(false);
    },
    'a slow consumer': (target) => consuming(target, 'slow'),
    'a stopped consumer': (target) => consuming(target, 'stopped'),
  };
  // The first of each is never killed, so that its memory can be watched.
  const kinds: readonly Kind[] = [
    { name: 'kill -9 of an agent', weight: 2, targets: roofs.slice(1), aspect: 'process', longest: 9_000 },
    {
      name: 'kill -9 of a controller',
      weight: 1,
      targets: desks.slice(1),
      aspect: 'process',
      longest: 9_000,
    },
    { name: 'SIGSTOP of an agent', weight: 2, targets: roofs, aspect: 'process', longest: 14_000 },
    { name: 'SIGSTOP of a controller', weight: 1, targets: desks, aspect: 'process', longest: 14_000 },
    { name: 'half-open partition of an agent', weight: 2, targets: roofs, aspect: 'way', longest: 14_000 },
    {
      name: 'half-open partition of a controller',
      weight: 1,
      targets: desks,
      aspect: 'way',
      longest: 14_000,
    },
    { name: 'a modem dies in silence', weight: 2, targets: roofs, aspect: 'modem', longest: 25_000 },
    { name: 'a slow consumer', weight: 1, targets: desks, aspect: 'consumer', longest: 6_000 },
    { name: 'a stopped consumer', weight: 1, targets: desks, aspect: 'consumer', longest: 14_000 },
    { name: 'kill -9 of the server', weight: 0.7, targets: ['server'], aspect: 'process', longest: 5_000 },
    { name: 'SIGSTOP of the server', weight: 0.7, targets: ['server'], aspect: 'process', longest: 9_000 },
  ];
  return {
    kinds,
    begin: (kind, target) => deeds[kind]?.(named.get(target) as Kept, roofs.indexOf(target)) ?? (() => {}),
    witnesses,
    modems: roofs.flatMap((roof, index) =>
      Array.from({ length: MODEMS }, (_, modem) => {
        const id = `${roof}/m${modem}`;
        const truth = {
          there: there[index] as History<boolean>,
          answers: answers[index] as History<boolean>,
        };
        const said = ({ presences }: Witness): Statement => {
          const [presence, state = ''] = presences[id]?.split(' ') ?? [];
          return presence === undefined ? undefined : { presence, state };
        };
        return { id, isFirst: modem === 0, truth, said };
      }),
    ),
  };
}

/** What is done to the server; `serve` notes whether it can be reached. */
export function deedsOfServer(
  server: Pick<Server, 'process' | 'restart'>,
  serve: (isServing: boolean) => void,
): Readonly<Record<string, () => () => unknown>> {
  return {
    'kill -9 of the server': () => {
      server.process.kill('SIGKILL');
      serve(false);
      return () => {
        // Its clients reach it before `restart` knows that it is there: what they say from now on may be true.
        serve(true);
        return server.restart();
      };
    },
    'SIGSTOP of the server': () => {
      server.process.kill('SIGSTOP');
      serve(false);
      return () => {
        server.process.kill('SIGCONT');
        serve(true);
      };
    },
  };
}

function killed(target: Kept): () => unknown {
  target.kill();
  return () => target.again();
}

function stopped(target: Kept): () => unknown {
  target.stop(true);
  return () => target.stop(false);
}

function cutOff(target: Kept): () => unknown {
  target.cut(true);
  return () => target.cut(false);
}

function consuming(target: Kept, consumer: string): () => unknown {
  target.tell({ consumer });
  return () => target.tell({ consumer: 'fast' });
}

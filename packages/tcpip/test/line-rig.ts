import type { Command } from '@a7600/at-codec';
import { defer, EMPTY, NEVER, type Observable, Subject } from 'rxjs';
import { virtualTime } from '../../testing/test/virtual-time.js';
import type { Lane } from '../src/lane/lane.js';
import type { Connection } from '../src/line/connection.js';
import { Line } from '../src/line/line.js';
import type { LineOptions } from '../src/line/line-options.js';
import type { OperationKind } from '../src/line/state.js';
import { laneOfTest } from './link-rig.js';
import { bytesOf, observe, textOf } from './world.js';

/** What may be different in a {@link lineRig}. */
export interface LineRigOptions {
  readonly use?: LineOptions['use'];
  readonly flowControl?: boolean;
  readonly isTraced?: boolean;
  /** What the port has beyond the usual. */
  readonly port?: object;
}

/** A line whose port, lane and decoder are the test: everything that it does is noted in words. */
export function lineRig({
  use = 'shared',
  flowControl = false,
  isTraced = true,
  port: more = {},
}: LineRigOptions = {}) {
  const { scheduler, advance } = virtualTime();
  const { run, asked, answer, refuse } = laneOfTest();
  const notes: string[] = [];
  const note = (what: string) => () => {
    notes.push(what);
  };
  const state = {
    isWaiting: false,
    write: EMPTY as Observable<never>,
    randoms: 0,
    /** Called when data mode was left, and when lines are read that were kept. */
    onLeft: () => {},
    onDecode: () => {},
  };
  const freeing = new Subject<never>();
  const lane = {
    run: <R>(command: Command<R>) => run(command),
    interrupt: note('no commands'),
    resume: (resync: boolean) => notes.push(resync ? 'commands after all is read' : 'commands'),
    chunkBegins: note('chunk begins'),
    chunkEnds: note('chunk ends'),
    get isWaiting() {
      return state.isWaiting;
    },
  } as Partial<Lane> as Lane;
  const line = new Line({
    use,
    flowControl,
    scheduler,
    lane,
    asking: lane,
    port: {
      received$: NEVER,
      // Bytes take no time.
      baudRate: Number.POSITIVE_INFINITY,
      write: (bytes: Uint8Array) =>
        defer(() => {
          notes.push(`write ${textOf([bytes])}`);
          return state.write;
        }),
      pause: note('pause'),
      resume: note('resume'),
      ...more,
    } as never,
    decoder: {
      lineMode: note('read lines'),
      dataMode: note('read data'),
      push: (bytes: Uint8Array) => {
        notes.push(`decode ${textOf([bytes])}`);
        state.onDecode();
      },
    } as never,
    trace: isTraced
      ? (entry) => {
          if (entry.kind === 'command') notes.push(`trace ${entry.text} at ${entry.at}`);
        }
      : undefined,
    target: {
      closeLink: () =>
        defer(() => {
          notes.push('close the link');
          return freeing;
        }),
      endModem: (why) => notes.push(`end the modem: ${why}`),
      leftDataMode: () => {
        notes.push('data mode was left');
        state.onLeft();
      },
    },
    random: () => (state.randoms++ % 3) / 1_000 + 0.1005,
  });

  /** A connection to port 80 that notes what it is told, and what it is not as usual. */
  function connection(different: Partial<Connection> = {}): Connection & { hasDemand: boolean } {
    return {
      writer: line.writer((bytes) => notes.push(`wrote ${bytes.length}`)),
      leaveBy: 'plus',
      hasDemand: true,
      confirmInterval: undefined,
      yields: false,
      isAccepted: false,
      isCarriedBy: ({ port }) => port === 80,
      entered: note('entered'),
      deliver: (bytes) => notes.push(`deliver ${textOf([bytes])}`),
      ended: (how) => notes.push(`ended ${how}`),
      freed: note('freed'),
      ...different,
    };
  }
  /** What has happened since the last call. */
  const did = () => notes.splice(0);
  const receive = (text: string) => line.receive(bytesOf(text));
  /** Begins an operation, and notes how it ended. */
  const operate = (on: Connection, kind: OperationKind) =>
    line.operate(on, kind, (outcome) => notes.push(`${kind}: ${outcome}`));
  /** Gives the module the numbers of the proof. */
  const prepare = () => {
    line.prepare().subscribe();
    answer({ netOpen: 60_000, cipOpen: 60_000, cipSend: 60_000 });
    answer();
    answer({ netOpen: 60_100, cipOpen: 60_101, cipSend: 60_102 });
    asked.length = 0;
  };
  return {
    ...{ scheduler, advance, asked, answer, refuse, state, freeing, line },
    ...{ connection, did, receive, operate, prepare },
  };
}

/** The module's answer to the question, with its `OK`. */
export const PROOF = '\r\n+CIPTIMEOUT: 60100,60101,60102\r\n\r\nOK\r\n';

/** Data mode begins, for a connection that differs by `different` from the usual one; notes begin after that. */
export function carry(
  { connection, line, did }: Pick<ReturnType<typeof lineRig>, 'connection' | 'line' | 'did'>,
  different: Partial<Connection> = {},
) {
  const made = connection(different);
  line.connecting(made, false);
  line.connected();
  did();
  return made;
}

/** Payload that a connection is given to send. */
export const put = (connection: Connection, text: string) => observe(connection.writer.write(bytesOf(text)));

/** From the moment on at which data mode is left: the escape and its answer, the question and its proof. */
export function leave({ advance, receive }: Pick<ReturnType<typeof lineRig>, 'advance' | 'receive'>): void {
  advance(1_050);
  receive('\r\nOK\r\n');
  advance(1_050);
  receive(PROOF);
}
/** What a line does in {@link leave} up to the proof, when that begins at `at` ms. */
export const left = (at = 0): readonly string[] => [
  `trace +++ at ${at + 1_050}`,
  'write +++',
  `trace AT+CIPTIMEOUT? at ${at + 2_100}`,
  'write AT+CIPTIMEOUT?\r',
];
/** What it does then, to take commands. */
export const COMMANDS = ['read lines', 'resume', 'commands', 'data mode was left'];
/** What else the module printed is read: here the CR before the answer. */
export const REST = ['chunk begins', 'decode \r', 'chunk ends'];

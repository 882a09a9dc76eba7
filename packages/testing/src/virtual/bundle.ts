import { concat, defer, ignoreElements, merge, type Observable, switchMap, take, timer } from 'rxjs';
import { a76xx } from '../emulator/profiles/a76xx.js';
import type { Profile } from '../emulator/profiles/profile.js';
import { sim7600 } from '../emulator/profiles/sim7600.js';
import { simOf, surroundingsOf } from './bundle-surroundings.js';
import { leftBehind } from './left-behind.js';
import { Recorded } from './recorded.js';
import { type VirtualModule, type VirtualModuleOptions, virtualModule } from './virtual-module.js';

/** What `a7600 doctor` concluded when it wrote a bundle. */
export interface BundleVerdict {
  /** The code of the verdict: `NO_APN`. */
  readonly code: string;
  /** What is the matter, in a sentence. */
  readonly title: string;
}

/** A module in the condition that a bundle shows. */
export interface BundleModule extends VirtualModule {
  /** What the doctor said of the module that was recorded. */
  readonly verdict: BundleVerdict;
  /** The peer that was connected to; its name is hidden, and this network has it as the real one had. */
  readonly target: { readonly host: string; readonly port: number };
}

/** Time in ms that an earlier program has for each command, and between its end and the next program. */
const TURN = 2_000;
const PAUSE = 12_000;

/**
 * Rebuilds the module of a bundle that `a7600 doctor --bundle` wrote: model and firmware, SIM, radio, network, what other
 * programs had left, and whether names and peers answer. Where `a7600 replay` plays back one conversation, this module
 * answers every program.
 *
 * @param text The bundle.
 * @param options Further settings of the module.
 * @returns the module, in virtual time.
 * @throws {Error} if the text is no bundle, or shows what is outside the module: a port that was not opened, a line that
 *   damages bytes, another rate.
 */
export function moduleFromBundle(text: string, options: VirtualModuleOptions = {}): BundleModule {
  const recorded = new Recorded(text);
  const { verdict, target } = recorded;
  if (OUTSIDE.includes(verdict.code) || recorded.isEmpty) {
    throw new Error(`A module cannot show ${verdict.code} (${verdict.title}): the cause is outside of it.`);
  }
  const isSilent = recorded.isSilent;
  const module = virtualModule({
    seed: 1,
    ...(isSilent && { start: 'off' }),
    profile: profileOf(recorded),
    whenClosed: 'goes on',
    ...options,
    surroundings: { ...surroundingsOf(recorded), sim: simOf(recorded), ...options.surroundings },
  });
  arrangeNetwork(module, recorded);
  const before = isSilent ? [] : leftBehind(recorded);
  // Another program typed that, and has ended long ago.
  const typed$ = module.transport.pipe(
    switchMap((link) =>
      merge(
        link.received$.pipe(ignoreElements()),
        concat(...before.map((line) => concat(link.write(`${line}\r`), timer(TURN, module.scheduler)))),
      ),
    ),
    take(before.length),
    ignoreElements(),
  );
  const rested$ = timer(PAUSE, module.scheduler).pipe(ignoreElements());
  let isArranged = before.length === 0;
  const transport = defer(() => {
    if (isArranged) return module.transport;
    isArranged = true;
    return concat(typed$, rested$, module.transport);
  });
  return { ...module, transport, verdict, target };
}

/**
 * Makes a failing test of a bug report, for any runner: `test('the modem of report 17', onBundle(text, program))`. It
 * passes once the program gets along with the module of the bundle.
 *
 * @param text The bundle that `a7600 doctor --bundle` wrote.
 * @param program The program under test: an observable that emits or completes when it has succeeded. Nothing else has to
 *   end: it is unsubscribed then.
 * @param within The longest virtual time for it, in ms. Default 600000.
 * @returns the function of the test. It throws what the program errors with, and tells what the doctor said.
 */
export function onBundle(
  text: string,
  program: (module: BundleModule) => Observable<unknown>,
  within = 600_000,
): () => void {
  return () => {
    const module = moduleFromBundle(text);
    const { code, title } = module.verdict;
    try {
      module.run(program(module).pipe(take(1)), within);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`${reason}\nOf this modem the doctor said: ${title} (${code})`, { cause: error });
    }
  };
}

/** Verdicts about what is between the program and the module. */
const OUTSIDE = [
  'WRONG_PORT',
  'WRONG_RATE',
  'UNREADABLE',
  'LOOPBACK',
  'LINE_DAMAGED',
  'LINK_LOST',
  'PROGRAM_FAULT',
  'SERVER_WITHOUT_PORT',
  'CLOCK_WRONG',
];

function profileOf(recorded: Recorded): Profile {
  const [manufacturer, model, revision] = ['Manufacturer', 'Model', 'Revision'].map((key) =>
    recorded.valueOf(['AT+SIMCOMATI', 'ATI'], key),
  );
  const profile = /SIM7[56]\d\d/.test(model ?? '') ? sim7600 : a76xx;
  return {
    ...profile,
    identity: {
      ...profile.identity,
      ...(manufacturer !== undefined && { manufacturer }),
      ...(model !== undefined && { model }),
      ...(revision !== undefined && { revision }),
    },
  };
}

/** What lies beyond the module: which names and peers answer. */
function arrangeNetwork({ network, control }: VirtualModule, { verdict, target }: Recorded): void {
  const { code } = verdict;
  if (code === 'NO_DATA' || code === 'DNS_DEAD') control.stallBearer();
  network.host('example.org');
  network.serve('8.8.8.8', 53).subscribe();
  if (code === 'NAME_NOT_FOUND') return;
  if (code === 'PEER_SILENT') {
    network.internet.host('192.0.2.1', { names: [target.host], closedPorts: 'drop' });
  } else if (code === 'PEER_REFUSED') network.host(target.host);
  else network.serve(target.host, target.port).subscribe();
}

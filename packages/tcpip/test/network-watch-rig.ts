import { NEVER, type Observable, Subject } from 'rxjs';
import { NetworkWatch } from '../src/network/network-watch.js';
import type { Session } from '../src/session/session.js';
import { BearerEvidence } from '../src/watch/bearer-evidence.js';
import type { Discrepancy } from '../src/watch/discrepancy.js';
import { KeptSettings } from '../src/watch/kept-settings.js';
import { notingHandler, tableRig } from './link-rig.js';
import { observe } from './world.js';

/** Something that the watch asks for. */
export interface Belief {
  readonly ask: () => Observable<unknown>;
  readonly applies: () => boolean;
  readonly isTelling: boolean;
}

/** A watch over a module that is the test, with a socket on link 1. */
export function networkWatchRig(grace: number) {
  const module = tableRig();
  const { lane, router, scheduler, table } = module;
  const beliefs = new Set<Belief>();
  const believe = (ask: Belief['ask'], _delay = 0, applies = () => true, isTelling = true) => {
    const belief = { ask, applies, isTelling };
    beliefs.add(belief);
    return { confirmed: () => {}, dispose: () => beliefs.delete(belief) };
  };
  const discrepancies = new Subject<Discrepancy>();
  const session = {
    ...{ scheduler, router, lane },
    links: table,
    bearer: new BearerEvidence(() => scheduler.now()),
    line: { takesCommands: true },
    settings: new KeptSettings({ lane, exclusive: true, report: () => {} }),
    watch: { believe },
    unasked: 0,
    discrepancies$: discrepancies.asObservable(),
    unaskedConnect: { client$: NEVER },
  };
  table.accept(1, notingHandler(1, module.notes));
  const watch = new NetworkWatch(session as unknown as Session, grace);
  const network = observe(watch.lost$);
  return { ...module, session, discrepancies, beliefs, watch, network };
}

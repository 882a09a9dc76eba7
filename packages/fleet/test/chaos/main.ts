// Kills, stops and cuts off the programs of a fleet, by seed, while controllers ask, hold leases and carry streams; checks
// all the time what the protocol guarantees. `npm run chaos -- --minutes 5 --seed N`, or `--events N` instead of minutes.
// `--between MS` is the pause between two events, 1500 by default: the longer it is, the more statements of a list are made
// when only one can be true.
import { writeSync } from 'node:fs';
import { Subscription } from 'rxjs';
import { readOptions } from '../../../../tools/options.js';
import { natsServer, ready } from '../processes/programs.js';
import { cast } from './cast.js';
import { echoServer } from './echo.js';
import { type Ending, untilJudged } from './ending.js';
import { Findings } from './findings.js';
import { staleness } from './list-judge.js';
import { BETWEEN, planOf } from './plan.js';

const USAGE = 'npm run chaos -- [--minutes N | --events N] [--between MS] [--seed N]';
const { minutes, seed, events, between } = readOptions(USAGE, {
  minutes: { type: 'string', default: '5' },
  events: { type: 'string' },
  between: { type: 'string', default: String(BETWEEN) },
  seed: { type: 'string', default: String(Math.floor(performance.timeOrigin) % 1_000_000) },
});
const total =
  events === undefined ? Math.round((Number(minutes) * 60_000) / Number(between)) : Number(events);
/** Time in ms within which a list is true again, or says that it is unknown. */
const TRUE_WITHIN = 10_000;
/** Time in ms between two looks at what the controllers say. */
const LOOK = 250;
/** Time in ms for all modems to be online after the last event: a modem that was silent recovers by steps. */
const RECOVERY = 60_000;

// Written at once: a run that is killed has said how far it has come.
const say = (line: string) => void writeSync(process.stderr.fd, `${line}\n`);
const judged = untilJudged(process as Ending, `The run with --seed ${seed}`, say);
say(`The run with --seed ${seed} begins: ${total} events.`);

const open = new Subscription();
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const findings = new Findings();
const server = await natsServer(open);
await ready(open, server.url);
const echo = await echoServer(open, findings);
const { kinds, begin, witnesses, modems } = await cast(open, server, echo.port, findings);
/** How old the oldest statement of each kind was, in ms. */
const oldest = new Map<string, number>();

/** Looks whether every controller that runs says what is true, or was true a short time ago. */
function look(): void {
  const now = performance.now();
  for (const witness of witnesses) {
    // Who has just been started or resumed has the same time.
    if (witness.truth.awake.age(false, now) < TRUE_WITHIN) continue;
    for (const { id, truth, isFirst, said } of modems) {
      const statement = said(witness);
      const age = staleness(statement, truth, isFirst, witness.truth, now);
      const what = statement === undefined ? 'not listed' : `${statement.presence} ${statement.state}`;
      const kind = statement?.presence ?? what;
      oldest.set(kind, Math.max(age, oldest.get(kind) ?? 0));
      const isDecided = truth.there.age(false, now) > TRUE_WITHIN || truth.there.age(true, now) > TRUE_WITHIN;
      findings.count(
        isDecided ? 'statements of which one can be true' : 'statements while the truth changed',
      );
      if (age > TRUE_WITHIN)
        findings.once(
          `${witness.name} said that ${id} is ${what}, which had not been true for 10 s`,
          `seen first ${((now - start) / 1_000).toFixed(1)} s after the start, when it was ${(age / 1_000).toFixed(1)} s old`,
        );
    }
  }
}

/** Waits until every controller lists every modem as online. */
async function settled(): Promise<number> {
  const from = performance.now();
  const isWell = () =>
    witnesses.every((witness) =>
      modems.every(({ said }) => said(witness)?.presence === 'present' && said(witness)?.state === 'online'),
    );
  while (!isWell() && performance.now() - from < RECOVERY) await pause(100);
  for (const { name, presences } of isWell() ? [] : witnesses)
    findings.once(`${name} says ${RECOVERY} ms after the last event: ${JSON.stringify(presences)}`);
  return performance.now() - from;
}

await settled();
const start = performance.now();
const looking = setInterval(look, LOOK);
const ends: Promise<unknown>[] = [];
for (const { kind, target, at, until } of planOf(Number(seed), total, kinds, Number(between))) {
  await pause(start + at - performance.now());
  findings.count(`event: ${kind}`);
  say(`${(at / 1_000).toFixed(1)} s: ${kind} ${target}`);
  const end = begin(kind, target);
  ends.push(pause(start + until - performance.now()).then(end));
}
const lasted = performance.now() - start;
await Promise.all(ends);
const recovered = await settled();
// What the last events have left is judged as the rest is.
await pause(TRUE_WITHIN);
clearInterval(looking);
findings.settle();
console.log(`Seed ${seed}: ${total} events in ${(lasted / 1_000).toFixed(0)} s.`);
for (const [kind, age] of [...oldest].sort())
  console.log(
    `The oldest statement that a modem is ${kind} had been true ${(age / 1_000).toFixed(1)} s before.`,
  );
console.log(`All modems were online ${(recovered / 1_000).toFixed(1)} s after the last event had ended.`);
for (const [what, count] of Object.entries(findings.counts).sort())
  console.log(`${String(count).padStart(7)}  ${what}`);
for (const each of findings.wrong.slice(0, 40)) console.log(`WRONG: ${each}`);
if (findings.wrong.length === 0) console.log('Nothing is wrong.');
open.unsubscribe();
judged();
process.exit(findings.wrong.length === 0 ? 0 : 1);

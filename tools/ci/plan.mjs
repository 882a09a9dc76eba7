/**
 * One command of the CI run.
 *
 * @typedef {object} Part
 * @property {string} name
 * @property {string} run The command, as README.md or CONTRIBUTING.md names it.
 * @property {readonly string[]} [after] Parts that must have passed before this one starts.
 */

/**
 * What a part did.
 *
 * @typedef {object} Outcome
 * @property {string} name
 * @property {'passed' | 'failed' | 'skipped'} verdict
 * @property {number} minutes
 * @property {number} passed Checks that passed.
 * @property {number} failed Checks that failed.
 */

/**
 * Parts with a time budget of their own. A part occupies one of the slots of the run, so it is charged its
 * duration divided by the number of slots: the budgets of all groups add up to that of the run.
 *
 * @typedef {{ name: string, minutes: number, parts: readonly Part[] }} Group
 *
 * @typedef {{ minutes: number, slots: number, groups: readonly Group[] }} Plan
 */

/**
 * Runs every part once those that it comes after have passed, at most `slots` at a time, in the order of the
 * plan. A part that comes after a failed or skipped one is skipped.
 *
 * @param {Plan} plan
 * @param {(part: Part) => Promise<Outcome>} execute
 * @returns {Promise<Outcome[]>} in the order in which the parts ended
 * @throws {Error} when parts wait for each other or for one that the plan does not have.
 */
export async function runPlan({ groups, slots }, execute) {
  const waiting = groups.flatMap(({ parts }) => parts);
  const running = new Map();
  /** @type {Outcome[]} */
  const done = [];
  const verdictOf = (name) => done.find((outcome) => outcome.name === name)?.verdict;
  while (waiting.length > 0 || running.size > 0) {
    const blocked = waiting.findIndex(({ after = [] }) =>
      after.some((name) => ['failed', 'skipped'].includes(verdictOf(name) ?? '')),
    );
    if (blocked >= 0) {
      const [{ name }] = waiting.splice(blocked, 1);
      done.push({ name, verdict: 'skipped', minutes: 0, passed: 0, failed: 1 });
      continue;
    }
    const ready = waiting.findIndex(({ after = [] }) => after.every((name) => verdictOf(name) === 'passed'));
    if (ready >= 0 && running.size < slots) {
      const [part] = waiting.splice(ready, 1);
      running.set(part.name, execute(part));
      continue;
    }
    if (running.size === 0) {
      throw new Error(
        `These parts wait for something that never ends: ${waiting.map(({ name }) => name).join(', ')}.`,
      );
    }
    const outcome = await Promise.race(running.values());
    running.delete(outcome.name);
    done.push(outcome);
  }
  return done;
}

/**
 * Compares the time that was spent with the budgets.
 *
 * @param {Plan} plan
 * @param {readonly Outcome[]} outcomes
 * @param {number} minutes Duration of the whole run.
 * @returns {string[]} one sentence for each budget that was exceeded
 */
export function overBudget(plan, outcomes, minutes) {
  const exceeded = plan.groups.flatMap((group) => {
    const names = group.parts.map(({ name }) => name);
    const spent = outcomes
      .filter(({ name }) => names.includes(name))
      .reduce((sum, outcome) => sum + outcome.minutes / plan.slots, 0);
    return spent > group.minutes
      ? [`"${group.name}" took ${spent.toFixed(1)} of ${group.minutes} minutes.`]
      : [];
  });
  return minutes > plan.minutes
    ? [...exceeded, `The run took ${minutes.toFixed(1)} of ${plan.minutes} minutes.`]
    : exceeded;
}

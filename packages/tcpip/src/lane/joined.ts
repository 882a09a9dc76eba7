import { isAtError, part, type Settled, together } from '@a7600/at-codec';
import type { Job } from './job.js';

/**
 * Several reads as one command line. Each gets its own part of the answer. When one of them is
 * refused, which ends the line, those before it still have theirs, and the module did not
 * execute those after it.
 */
export function joinedJob(jobs: readonly Job[]): Job {
  return {
    command: together(...jobs.map(({ command }) => command)),
    answered: () => {
      for (const job of jobs) job.answered?.();
    },
    settle(settled) {
      if (settled.ok) settleAll(jobs, settled.value as readonly unknown[]);
      else failFrom(jobs, settled);
    },
  };
}

function settleAll(jobs: readonly Job[], values: readonly unknown[]): void {
  for (const [index, job] of jobs.entries()) job.settle({ ok: true, value: values[index] });
}

function failFrom(jobs: readonly Job[], failed: Extract<Settled<unknown>, { ok: false }>): void {
  const refused = isAtError(failed.error, 'IP_ERROR') || isAtError(failed.error, 'REFUSED');
  let over = false;
  for (const job of jobs) {
    const own: Settled<unknown> | undefined = over ? undefined : ownPart(job, failed);
    if (own !== undefined) job.settle(own);
    else if (over && refused && job.skipped !== undefined) job.skipped();
    else job.settle(failed);
    over ||= own === undefined;
  }
}

/** What a job was answered before the line ended; undefined when that was nothing, or not all. */
function ownPart(
  { command }: Job,
  { answer }: Extract<Settled<unknown>, { ok: false }>,
): Settled<unknown> | undefined {
  const lines = answer === undefined ? undefined : part(answer, command.claims);
  if (lines === undefined || lines.lines.length === 0) return undefined;
  try {
    return { ok: true, value: command.read(lines) };
  } catch {
    return undefined;
  }
}

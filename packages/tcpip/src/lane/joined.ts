import { part, type Settled, together } from '@a7600/at-codec';
import type { Job } from './job.js';

/**
 * Several reads as one command line. Each gets its own part of the answer; when one of them is
 * refused, which ends the line, those in front of it still have theirs.
 */
export function joinedJob(jobs: readonly Job[]): Job {
  const commands = jobs.map(({ command }) => command);
  return {
    command: together(...commands),
    answered: () => {
      for (const job of jobs) job.answered?.();
    },
    settle(settled) {
      for (const [index, job] of jobs.entries()) {
        job.settle(
          settled.ok ? { ok: true, value: (settled.value as readonly unknown[])[index] } : own(job, settled),
        );
      }
    },
  };
}

function own({ command }: Job, failed: Extract<Settled<unknown>, { ok: false }>): Settled<unknown> {
  const answer = failed.answer === undefined ? undefined : part(failed.answer, command.claims);
  if (answer === undefined || answer.lines.length === 0) return failed;
  try {
    return { ok: true, value: command.read(answer) };
  } catch {
    return failed;
  }
}

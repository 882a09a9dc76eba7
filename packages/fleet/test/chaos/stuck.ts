import { say } from '../processes/saying.js';

/** Time in ms between two looks. While the process is stopped it does not look, so that time does not count. */
const LOOK = 250;

/** Says that something is stuck unless it ends or moves within so many ms in which this process runs. */
export function stuckAfter(ms: number, what: string): { moved(): void; end(): void } {
  let looks = 0;
  const timer = setInterval(() => {
    looks += 1;
    if (looks * LOOK < ms) return;
    say({ stuck: what });
    clearInterval(timer);
  }, LOOK);
  return {
    moved: () => {
      looks = 0;
    },
    end: () => clearInterval(timer),
  };
}

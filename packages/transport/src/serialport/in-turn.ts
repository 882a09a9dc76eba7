/** Lets works with a callback run one after the other, in the order in which they were given. */
export function inTurn(): (work: (done: () => void) => void) => void {
  const queue: (() => void)[] = [];
  return (work) => {
    const next = () => {
      queue.shift();
      queue[0]?.();
    };
    queue.push(() => work(next));
    if (queue.length === 1) queue[0]?.();
  };
}

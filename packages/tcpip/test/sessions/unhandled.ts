/** RxJS throws an unhandled error from a timeout. Nothing else here uses the real clock. */
export function unhandledErrorsAtOnce(work: () => void): void {
  const { setTimeout } = globalThis;
  const reports: (() => void)[] = [];
  Object.assign(globalThis, { setTimeout: (report: () => void) => reports.push(report) });
  try {
    work();
  } finally {
    globalThis.setTimeout = setTimeout;
  }
  for (const report of reports) report();
}

import type { Diagnosis } from '@a7600/diagnostics/doctor';
import type { Shown } from '@a7600/diagnostics/terminal';
import type { Batch, Entry, PageState, Request, Sample } from '../protocol.js';
import workerUrl from '../worker/main.ts?worker&url';

/** What the page shows at one moment. */
export interface View {
  /** Undefined until the first source was opened. */
  readonly state: PageState | undefined;
  readonly entries: readonly Entry[];
  readonly samples: readonly Sample[];
  readonly shown: readonly Shown[];
  readonly printed: readonly string[];
  readonly diagnoses: readonly Diagnosis[];
  /** Whether the worker has not answered for long: a program does not return. */
  readonly isStuck: boolean;
}

/** What is kept of each list for the screen; the worker's journal has more. */
const LIMITS = { entries: 5_000, samples: 1_800, shown: 2_000, printed: 500 };
/** Time in ms after which a worker that does not answer counts as stuck. */
const STUCK_AFTER = 4_000;

const EMPTY: View = {
  state: undefined,
  entries: [],
  samples: [],
  shown: [],
  printed: [],
  diagnoses: [],
  isStuck: false,
};

/** The page's end of the worker. */
export class Client {
  view = EMPTY;
  private readonly listeners = new Set<() => void>();
  private worker = this.start();
  private lastBatch = performance.now();

  constructor() {
    setInterval(() => this.checkWorker(), 1_000);
  }

  /** Calls `listener` after each change; returns what ends that. */
  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Asks the worker for something. */
  send(request: Request): void {
    if (request.kind === 'run') this.change({ printed: [] });
    this.worker.postMessage(request);
  }

  /** Ends a worker that is stuck; its source has to be opened again. */
  restart(): void {
    this.worker.terminate();
    this.view = EMPTY;
    this.worker = this.start();
    this.lastBatch = performance.now();
    this.change({});
  }

  private start(): Worker {
    // A worker of a blob is under the policy of the page: no request leaves its origin.
    const entry = `import ${JSON.stringify(new URL(workerUrl, location.href).href)};`;
    const url = URL.createObjectURL(new Blob([entry], { type: 'text/javascript' }));
    const worker = new Worker(url, { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<Batch>) => this.take(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.fail(event.message);
    };
    return worker;
  }

  private fail(message: string): void {
    const { state } = this.view;
    if (state !== undefined) this.change({ state: { ...state, error: { message, advice: '' } } });
  }

  private take(batch: Batch): void {
    this.lastBatch = performance.now();
    const view = batch.reset ? EMPTY : this.view;
    const state = { ...view.state, ...batch.state } as PageState;
    for (const file of batch.files) download(file);
    const begin = batch.diagnoses.lastIndexOf('begin');
    const diagnoses = batch.diagnoses.slice(begin + 1).filter((each) => each !== 'begin');
    this.change({
      state,
      isStuck: false,
      entries: appended(view.entries, batch.entries, LIMITS.entries),
      samples: appended(view.samples, batch.samples, LIMITS.samples),
      shown: appended(view.shown, batch.shown, LIMITS.shown),
      printed: appended(view.printed, batch.printed, LIMITS.printed),
      diagnoses: begin >= 0 ? diagnoses : [...view.diagnoses, ...diagnoses],
    });
    // The next batch comes when this one is on the screen.
    requestAnimationFrame(() => this.send({ kind: 'taken' }));
  }

  /** A worker at work sends a sample each second. */
  private checkWorker(): void {
    const { state, isStuck } = this.view;
    const isLive = state !== undefined && state.source !== 'recording' && !document.hidden;
    if (!isLive) this.lastBatch = performance.now();
    else if (!isStuck && performance.now() - this.lastBatch > STUCK_AFTER) this.change({ isStuck: true });
  }

  private change(change: Partial<View>): void {
    this.view = { ...this.view, ...change };
    for (const listener of this.listeners) listener();
  }
}

function appended<T>(before: readonly T[], added: readonly T[], limit: number): readonly T[] {
  return added.length === 0 ? before : [...before, ...added].slice(-limit);
}

function download({ name, bytes }: Batch['files'][number]): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>]));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

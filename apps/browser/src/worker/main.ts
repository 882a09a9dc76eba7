import type { Request } from '../protocol.js';
import { Workbench } from './workbench.js';

// The types of a page have no name for the global object of a worker.
const scope = globalThis as unknown as {
  postMessage(message: unknown): void;
  onmessage: ((event: MessageEvent<Request>) => void) | null;
};
const workbench = new Workbench((batch) => scope.postMessage(batch));

scope.onmessage = ({ data }) => workbench.handle(data);

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Order } from './far-end.js';
import { type Line, sendAll } from './line.js';

/** Where bytes go to and come from. */
export interface FarEnd {
  order(order: Order): Promise<void>;
  counted(): Promise<unknown>;
}

/** A far end in a process of its own. */
export class Child implements FarEnd {
  readonly process: ChildProcess;
  readonly address: Promise<string>;

  constructor(kind: 'pty' | 'tcp' | 'rfc2217') {
    this.process = fork(fileURLToPath(new URL('far-end.ts', import.meta.url)), [kind]);
    this.address = once(this.process, 'message').then(([address]) => address as string);
  }

  async order(order: Order): Promise<void> {
    const ready = this.says('ready');
    this.process.send(order);
    await ready;
  }

  counted(): Promise<void> {
    return this.says('counted');
  }

  /** Connects, and waits until the far end has noticed: orders are for its newest connection. */
  async connected<T>(connect: () => Promise<T>): Promise<T> {
    const accepted = this.says('accepted');
    const connection = await connect();
    await accepted;
    return connection;
  }

  private says(word: string): Promise<void> {
    return new Promise((resolve) => {
      const heard = (message: unknown) => {
        if (message !== word) return;
        this.process.off('message', heard);
        resolve();
      };
      this.process.on('message', heard);
    });
  }
}

/** A far end in this process: what it does counts for both sides of a comparison. */
export function farEndOf(line: Line): FarEnd {
  let expected = 0;
  let counted = () => {};
  line.onData((bytes) => {
    expected -= bytes;
    if (expected === 0) counted();
  });
  return {
    async order(order) {
      if ('count' in order) expected = order.count;
      else void sendAll(line, order.send, order.chunk);
    },
    counted: () =>
      new Promise<void>((resolve) => {
        counted = resolve;
      }),
  };
}

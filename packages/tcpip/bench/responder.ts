import type { ByteLink } from '@a7600/transport';
import { type ModuleScript, moduleScript } from './module-script.js';

/** What asks for the payload of a send. */
export const PROMPT = '\r\n>';

/** Takes what a program writes. `print` gets each answer, and how many bytes came after what it answers. */
export function reader(
  script: ModuleScript,
  print: (text: string, after: number) => void,
): (bytes: Uint8Array) => void {
  let pending = '';
  /** Link and length of what is sent at the moment. */
  let sending: readonly [link: string, length: number] | undefined;
  return (bytes) => {
    pending += String.fromCharCode(...bytes);
    for (;;) {
      const length = sending === undefined ? pending.indexOf('\r') : sending[1];
      if (length < 0 || length > pending.length) return;
      const taken = pending.slice(0, length);
      if (sending !== undefined) {
        pending = pending.slice(length);
        const [link] = sending;
        sending = undefined;
        print(script.take(link, taken), pending.length);
        continue;
      }
      pending = pending.slice(length + 1);
      const [, link, count] = /^AT\+CIPSEND=(\d),(\d+)$/.exec(taken) ?? [];
      if (link !== undefined) sending = [link, Number(count)];
      print(sending === undefined ? script.answer(taken) : PROMPT, pending.length);
    }
  };
}

/** Answers each line that comes over `link`, each in a turn of its own. */
export function respond(link: Pick<ByteLink, 'received$' | 'write'>, script = moduleScript()): void {
  const encoder = new TextEncoder();
  const take = reader(script, (text) => {
    const reply = encoder.encode(text);
    queueMicrotask(() => link.write(reply).subscribe({ error: () => {} }));
  });
  link.received$.subscribe({ next: take, error: () => {} });
}

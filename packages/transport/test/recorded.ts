import { VirtualTimeScheduler } from 'rxjs';
import { linkPair } from '../src/link-pair.js';
import { record } from '../src/recording/record.js';

/** A character for each byte. */
export const bytesOf = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
export const textOf = (bytes: Uint8Array) => String.fromCharCode(...bytes);

/** A host that talks to a device through a recorder. */
export function recorded(redact?: boolean) {
  const scheduler = new VirtualTimeScheduler();
  const [host, device] = linkPair();
  let file = '';
  const link = record(host, (line) => (file += line), { redact, scheduler });
  link.received$.subscribe({ error: () => {} });
  device.received$.subscribe({ error: () => {} });
  const after = (ms: number, work: () => void) => scheduler.schedule(work, ms);
  return {
    sends: (data: string) => link.write(bytesOf(data)).subscribe(),
    prints: (data: string) => device.write(bytesOf(data)).subscribe(),
    after,
    finish: () => {
      scheduler.flush();
      host.close().subscribe();
      return file;
    },
  };
}

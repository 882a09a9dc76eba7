import type { Source } from '../protocol.js';

type Recording = Extract<Source, { kind: 'recording' }>;

/** The recording that the address names: `?recording=demo.jsonl`, a file of the same site. */
export async function recordingOfAddress(): Promise<Recording | undefined> {
  const name = new URLSearchParams(location.search).get('recording');
  if (name === null) return undefined;
  const url = new URL(name, location.href);
  if (url.origin !== location.origin) {
    throw new Error('The recording is on another site. Download it and drop the file on the page.');
  }
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${name} cannot be loaded: the site answers ${response.status}.`);
  return { kind: 'recording', name, text: await response.text() };
}

/** A file that was chosen or dropped. */
export async function recordingOfFile(file: File): Promise<Recording> {
  return { kind: 'recording', name: file.name, text: await file.text() };
}

import type { Endpoint } from '../../networks/network.js';
import type { Profile } from '../profiles/profile.js';
import type { Settings } from '../settings.js';

/** What decides about the header of pushed data. */
export interface PushSettings {
  readonly settings: Pick<Settings, 'showsSender' | 'showsLength' | 'headerType'>;
  readonly profile: Pick<Profile, 'pushFrom' | 'pushLength' | 'pushLink'>;
}

/** The lines before pushed data of a link (protocol 3.8, 3.12, Q-1 to Q-3). */
export function pushHeader(
  link: number,
  from: Endpoint,
  length: number,
  { settings, profile }: PushSettings,
): string[] {
  const { host, port } = from;
  const values: Values = { host, port, link, length };
  const size = settings.headerType === 1 ? profile.pushLink : profile.pushLength;
  const lines: string[] = [];
  if (settings.showsSender) lines.push(filled(profile.pushFrom, values));
  if (settings.showsLength) lines.push(filled(size, values));
  return lines;
}

type Values = Endpoint & { readonly link: number; readonly length: number };

/** Templates taken apart, text and name in turn: a header is printed for every chunk. */
const templates = new Map<string, readonly string[]>();

function filled(template: string, values: Values): string {
  let parts = templates.get(template);
  if (parts === undefined) {
    parts = template.split(/\{(\w+)\}/);
    templates.set(template, parts);
  }
  let text = '';
  for (let at = 0; at < parts.length; at++) {
    const part = parts[at] as string;
    text += at % 2 === 0 ? part : values[part as keyof Values];
  }
  return text;
}

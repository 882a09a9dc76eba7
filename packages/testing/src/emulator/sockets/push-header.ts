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
  const values: Readonly<Record<string, string | number>> = { ...from, link, length };
  const filled = (template: string) => template.replace(/\{(\w+)\}/g, (_, key: string) => `${values[key]}`);
  const size = settings.headerType === 1 ? profile.pushLink : profile.pushLength;
  return [
    ...(settings.showsSender ? [filled(profile.pushFrom)] : []),
    ...(settings.showsLength ? [filled(size)] : []),
  ];
}

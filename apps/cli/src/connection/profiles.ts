/** The firmwares that can be emulated, by name; the first one is the default. The emulator itself is loaded later. */
export const PROFILES = ['a76xx', 'note-1.00', 'sim7600'] as const;

/** The name of a firmware. */
export type ProfileName = (typeof PROFILES)[number];

/** Whether a word is the name of a firmware. */
export function isProfile(word: string | undefined): word is ProfileName {
  return PROFILES.some((name) => name === word);
}

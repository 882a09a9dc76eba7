import { a76xx, note100, type Profile, sim7600 } from '@a7600/testing';

/** The firmwares that can be emulated, by name; the first one is the default. */
export const PROFILES: ReadonlyMap<string, Profile> = new Map(
  [a76xx, note100, sim7600].map((profile) => [profile.name, profile]),
);

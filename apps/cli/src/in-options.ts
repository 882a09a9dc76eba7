/** What the SDK calls a setting in its messages, and how a person gives it to this program. */
const OPTIONS: readonly (readonly [ofSdk: RegExp, here: string])[] = [
  [/as `pin`/, 'with --pin-file FILE'],
  [/Has setUpFleet run\?/, 'The administrator creates what the server stores with `a7600 fleet set-up`.'],
  [/\brfc2217\(\)/g, '--rfc2217'],
  [/\btcp\(\)/g, '--tcp'],
  [/an `apn`/, 'the access point name with --apn NAME'],
];

/**
 * A message of the SDK for a person at a command line.
 *
 * @param message names settings as a TypeScript program gives them
 * @returns the message with the options of this program
 */
export function inOptions(message: string): string {
  return OPTIONS.reduce((text, [ofSdk, here]) => text.replace(ofSdk, here), message);
}

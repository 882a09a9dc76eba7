/** A part of the sources whose tests the mutation tester judges. Paths are globs from the root. */
export interface Area {
  /** The sources to mutate, tests excluded. */
  readonly mutate: readonly string[];
  /** The tests of the area itself: they decide first. */
  readonly tests: readonly string[];
  /** Further tests, which are run for each mutant that the area's own do not kill. */
  readonly wider?: readonly string[];
  /** The sources work out tables once and keep them. */
  readonly keeps?: boolean;
}

const CODEC = 'packages/at-codec/src';
const TCPIP = 'packages/tcpip/src';
const EMULATOR = 'packages/testing/src/emulator';
/** A folder of the client, with its own tests, and those of other parts that use it. */
const clientFolder = (folder: string, ...wider: readonly string[]): Area => ({
  mutate: [`${TCPIP}/${folder}/**/*.ts`],
  tests: [`${TCPIP}/${folder}/**/*.test.ts`],
  wider: wider.map((each) => `${TCPIP}/${each}.test.ts`),
});
/** Tests of the whole client over the emulator; the properties of whole sessions are for `npm run fuzz`. */
const WHOLE_CLIENT = '{backpressure,mistakes,pain-points,quirks,teardown}';

/** What `npm run mutation -- AREA` knows. */
export const areas: Readonly<Record<string, Area>> = {
  decoder: {
    mutate: [`${CODEC}/decoder/*.ts`],
    tests: [`${CODEC}/**/*.test.ts`],
    keeps: true,
  },
  exchange: {
    mutate: [`${CODEC}/{exchange,conversation,framing,failure}.ts`],
    tests: [`${CODEC}/**/*.test.ts`],
    wider: [`${TCPIP}/lane/*.test.ts`],
  },
  lane: clientFolder('lane', 'modem/{modem,features}', 'transparent/transparent', 'sockets/writer'),
  line: clientFolder('line', 'transparent/*'),
  links: clientFolder('links', 'sockets/*', 'watch/*', WHOLE_CLIENT),
  sockets: {
    ...clientFolder(
      'sockets',
      'links/*',
      'watch/*',
      'network/{network,reopening}',
      'recovery/retry',
      'transparent/{other-links,two-ports}',
      WHOLE_CLIENT,
    ),
    // The commands that differ in the link alone.
    keeps: true,
  },
  network: clientFolder(
    'network',
    'links/payload-router',
    'watch/*',
    'session/*',
    'recovery/*',
    'modem/{modem,features}',
    'transparent/{other-links,transparent,unasked-connect}',
    WHOLE_CLIENT,
  ),
  scanner: {
    mutate: [`${EMULATOR}/at/scanner.ts`, `${EMULATOR}/at/request.ts`, `${EMULATOR}/at/values.ts`],
    tests: [`${EMULATOR}/at/*.test.ts`, `${EMULATOR}/protocol/{v250,3-commands,9.1-framing}.test.ts`],
    wider: [`${EMULATOR}/protocol/*.test.ts`],
  },
  interpreter: {
    mutate: [`${EMULATOR}/at/interpreter.ts`, `${EMULATOR}/at/entry.ts`, `${EMULATOR}/at/reply.ts`],
    tests: [`${EMULATOR}/at/*.test.ts`, `${EMULATOR}/protocol/{v250,3-commands,9.1-framing}.test.ts`],
    wider: [
      `${EMULATOR}/protocol/*.test.ts`,
      `${EMULATOR}/{command-lines,emulator,ports,timing,unknown}.test.ts`,
      `${EMULATOR}/faults/*.test.ts`,
    ],
  },
};

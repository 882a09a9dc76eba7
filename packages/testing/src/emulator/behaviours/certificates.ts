import type { Behaviour } from '../at/behaviour.js';
import { ok, type Reply, refuse } from '../at/reply.js';
import { number } from '../at/values.js';
import type { Module } from '../module.js';
import { filesOf } from '../services/files.js';
import { CONTEXTS, type SslContext, sslContextsOf } from '../services/ssl-contexts.js';

const SLOW = 120_000;
/** Largest file (AT command manual, 19.2.2). */
const MAX_FILE = 10_240;

/** Parameters of an SSL context, in the order in which they are shown; ranges, or undefined for a file. */
const PARAMETERS: readonly (readonly [
  name: string,
  key: keyof SslContext,
  range?: readonly [number, number],
])[] = [
  ['sslversion', 'version', [0, 4]],
  ['authmode', 'authentication', [0, 3]],
  ['ignorelocaltime', 'ignoresTime', [0, 1]],
  ['negotiatetime', 'negotiation', [10, 300]],
  ['cacert', 'authority'],
  ['clientcert', 'certificate'],
  ['clientkey', 'key'],
  ['password', 'password'],
  ['enableSNI', 'sendsName', [0, 1]],
];

/** SSL contexts and the files that they name (AT command manual, 19.2.1 to 19.2.4). */
export const certificates: readonly Behaviour[] = [
  {
    command: '+CSSLCFG',
    maxTime: SLOW,
    test: () =>
      ok(
        ...PARAMETERS.map(
          ([name, , range]) => `+CSSLCFG: "${name}",(0-9),(${(range ?? [5, 108]).join('-')})`,
        ),
      ),
    read: (_, module) => ok(...sslContextsOf(module).map((context, index) => line(index, context))),
    write: ({ values }, module) => configure(values, module),
  },
  {
    command: '+CCERTDOWN',
    maxTime: SLOW,
    test: () => ok('+CCERTDOWN: (5-108),(1-10240)'),
    write: ({ values: [name = '', sizeText] }, module) => {
      const size = number(sizeText, 1, MAX_FILE);
      if (size === undefined || !isFileName(name)) return refuse();
      return {
        prompt: size,
        take: (bytes) => {
          filesOf(module).set(name, bytes.slice());
          return ok();
        },
      };
    },
  },
  {
    command: '+CCERTLIST',
    maxTime: SLOW,
    execute: (_, module) => ok(...[...filesOf(module).keys()].map((name) => `+CCERTLIST: "${name}"`)),
  },
  {
    command: '+CCERTDELE',
    maxTime: SLOW,
    write: ({ values: [name = ''] }, module) => (filesOf(module).delete(name) ? ok() : refuse()),
  },
];

function line(index: number, context: SslContext): string {
  const values = PARAMETERS.map(([, key, range]) =>
    range === undefined ? `"${context[key]}"` : context[key],
  );
  return `+CSSLCFG: ${[index, ...values].join()}`;
}

function configure([nameText = '', indexText, value = '']: readonly string[], module: Module): Reply {
  const shown = number(nameText, 0, CONTEXTS - 1);
  const contexts = sslContextsOf(module);
  if (shown !== undefined && indexText === undefined) return ok(line(shown, contexts[shown] as SslContext));
  const parameter = PARAMETERS.find(([name]) => name.toLowerCase() === nameText.toLowerCase());
  const context = contexts[number(indexText, 0, CONTEXTS - 1) ?? -1];
  if (parameter === undefined || context === undefined) return refuse();
  const [, key, range] = parameter;
  const wanted = range === undefined ? (isFileName(value) ? value : undefined) : number(value, ...range);
  if (wanted === undefined) return refuse();
  Object.assign(context, { [key]: wanted });
  return ok();
}

function isFileName(name: string): boolean {
  return name.length >= 5 && name.length <= 108;
}

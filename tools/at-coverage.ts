// Writes docs/at-coverage.md from the descriptors of @a7600/at-codec. With --check, it only checks whether the page
// is up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import * as codec from '../packages/at-codec/src/index.js';
import { forms } from '../packages/at-codec/test/forms/index.js';

const page = fileURLToPath(new URL('../docs/at-coverage.md', import.meta.url));

/** The facts about one form of a command. */
interface FormFacts {
  readonly call: string;
  readonly kind: 'test' | 'read' | 'write' | 'execute';
  readonly timeout: number;
  readonly late: string;
}

type AnyFamily = codec.Family<() => codec.Command, Readonly<Record<string, unknown>>>;

const families = Object.entries(codec)
  .filter((entry): entry is [string, AnyFamily] => typeof entry[1] === 'function' && 'info' in entry[1])
  .sort(([, one], [, other]) => (one.info.name < other.info.name ? -1 : 1));

/** Makes each form (`cipOpen()`, `.udp()`, …) with some legal arguments and returns its facts. */
function factsOf(name: string, family: AnyFamily): FormFacts[] {
  const members = Object.keys(family).filter((key) => typeof family[key] === 'function');
  return ['main', ...members].map((member) => {
    const form = forms.find((each) => each.family === name && each.form === member);
    if (form === undefined) throw new Error(`packages/at-codec/test/forms does not have ${name}.${member}.`);
    const [args] = fc.sample(form.args, { seed: 1, numRuns: 1 });
    const { text, timeout, outcome, connects } = form.make(args as object);
    const late = connects === true ? '`CONNECT`' : outcome === undefined ? '' : 'yes';
    return { call: member === 'main' ? `${name}()` : `.${member}()`, kind: kindOf(text), timeout, late };
  });
}

function kindOf(text: string): FormFacts['kind'] {
  if (text.endsWith('=?')) return 'test';
  if (text.endsWith('?')) return 'read';
  return text.includes('=') ? 'write' : 'execute';
}

function commandRow([name, family]: [string, AnyFamily]): string {
  const { info } = family;
  const facts = factsOf(name, family);
  const kinds = (['test', 'read', 'write', 'execute'] as const).flatMap((kind) => {
    const calls = facts.filter((each) => each.kind === kind).map(({ call }) => `\`${call}\``);
    return calls.length === 0 ? [] : [`${kind} ${calls.join(', ')}`];
  });
  const unique = (values: readonly string[]) =>
    [...new Set(values.filter((value) => value !== ''))].join(', ');
  const command = info.name.startsWith('+++') ? info.name : `AT${info.name}`;
  const times = unique(facts.map(({ timeout }) => `${timeout / 1000} s`));
  const quirks = (info.quirks ?? []).join(', ');
  return `| \`${command}\` | ${kinds.join('; ')} | ${info.section} | ${unique(facts.map(({ late }) => late))} | ${times} | ${quirks} |`;
}

/** Returns the name of the export that is, or contains, a URC. */
function exportOf(urc: codec.Urc<unknown>): string {
  const [name] =
    Object.entries(codec).find(
      ([, value]) => value === urc || (Array.isArray(value) && value.includes(urc)),
    ) ?? [];
  return name === undefined ? '' : `\`${name}\``;
}

const MATCHES = { name: '', line: 'whole line', prefix: 'beginning' };

function text(): string {
  const commands = families.map(commandRow);
  const urcs = codec.a7600.urcs.map(
    (urc) => `| \`${urc.text}\` | ${MATCHES[urc.match]} | ${exportOf(urc)} | ${urc.section} |`,
  );
  const blocks = codec.a7600.blocks.map((header) => `| \`${header.text}\` | ${header.max} |`);
  return `# What @a7600/at-codec covers

\`npm run at-coverage\` generates this page from the descriptors; \`npm run lint\` fails if it is out of date.

## Commands

A section is one of the application note, or a chapter of the AT command manual. An outcome is a line that reports
how the command ended, before or after \`OK\`; \`CONNECT\` replaces \`OK\`. The maximum time is the manual's. Quirks
refer to [protocol.md](protocol.md).

| command | forms | section | outcome | maximum time | quirks |
| --- | --- | --- | --- | --- | --- |
${commands.join('\n')}

## Unsolicited result codes

If two URCs share a name, their parameters tell them apart.

| text | matched as | export | section |
| --- | --- | --- | --- |
${urcs.join('\n')}

## Length-prefixed blocks

Lines that raw bytes follow, and the maximum number of these bytes.

| header | bytes |
| --- | --- |
${blocks.join('\n')}

${families.length} commands in ${families.flatMap(([name, family]) => factsOf(name, family)).length} forms, ${urcs.length} URCs, ${blocks.length} headers of length-prefixed blocks.
`;
}

if (process.argv.includes('--check')) {
  if (readFileSync(page, 'utf8') !== text()) {
    console.error('docs/at-coverage.md is out of date: npm run at-coverage');
    process.exit(1);
  }
} else {
  writeFileSync(page, text());
}

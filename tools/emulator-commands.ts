// Writes docs/emulator-commands.md from the behaviours of the emulator. With --check, it only checks whether the page
// is up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type CommandGroup, commandGroups } from '../packages/testing/src/emulator/behaviours/index.js';
import {
  fieldsWithoutEffect,
  withoutEffect,
} from '../packages/testing/src/emulator/behaviours/without-effect.js';

const page = fileURLToPath(new URL('../docs/emulator-commands.md', import.meta.url));

const FORMS = { test: '=?', read: '?', write: '=…', execute: '' } as const;
const FAMILIES = { a76xx: 'A76XX', sim7600: 'SIM7600' };

type Row = CommandGroup['behaviours'][number];

function row(behaviour: Row): string {
  const { command, family, maxTime = 9_000 } = behaviour;
  const forms = Object.entries(FORMS)
    .filter(([form]) => behaviour[form as keyof typeof FORMS] !== undefined)
    .map(([form, sign]) => (form === 'execute' ? 'execution' : `\`${sign}\``));
  return `| \`AT${command}\` | ${forms.join(', ')} | ${family === undefined ? '' : FAMILIES[family]} | ${maxTime / 1000} s |`;
}

function section({ title, behaviours }: CommandGroup): string {
  const rows = [...behaviours].sort((one, other) => (one.command < other.command ? -1 : 1)).map(row);
  return `## ${title}

| command | forms | only | maximum time |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}

function reasons(list: Readonly<Record<string, string>>, before = ''): string {
  return Object.entries(list)
    .map(([name, reason]) => `| \`${before}${name}\` | ${reason} |`)
    .join('\n');
}

function text(): string {
  const count = commandGroups.reduce((sum, { behaviours }) => sum + behaviours.length, 0);
  return `# Commands that the emulator knows

\`npm run emulator-commands\` generates this page from the behaviours; \`npm run lint\` fails if it is out of date.

A form that is not listed answers \`ERROR\`, as does a command that is not listed: the emulator then emits an event of
the kind \`unknown\`, and the trace says \`AT+… is unknown here\`, so that you can tell it from a refusal. "Only" names
the series whose profile has the command. Your own commands go into the option \`behaviours\`.

${commandGroups.map(section).join('\n')}
${count} commands.

## Without effect

A test goes through every command that takes a value and sees what it changes. These are accepted (or take a single
value), are kept and shown, and change nothing else:

| command | why |
| --- | --- |
${reasons(withoutEffect, 'AT')}

The same is true of these fields and values of other commands:

| field | why |
| --- | --- |
${reasons(fieldsWithoutEffect, 'AT')}

## Unknown

Commands of these families are unknown here, although modules of the series have them: web sockets (\`WS…\`), e-mail
(\`CSMTPS…\`), speech and sound (\`CTTS…\`, \`CREC\`, \`CCMX…\`, \`CDTAM\`), updates over the air (\`CFOTA\`), \`HTTPTOFS\`. Those of
other series are unknown too: \`CNACT\`, \`CA…\`, \`SH…\` and \`SM…\` of SIM7000 and SIM7080, \`CGNSPWR\`, \`CHTTPS…\`, \`CPOWD\`.
`;
}

if (process.argv.includes('--check')) {
  if (readFileSync(page, 'utf8') !== text()) {
    console.error('docs/emulator-commands.md is out of date: npm run emulator-commands');
    process.exit(1);
  }
} else {
  writeFileSync(page, text());
}

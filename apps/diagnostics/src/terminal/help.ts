import { families } from '../dialogue/descriptors.js';

/** Every command line that can be completed: `AT+CSQ`, `AT+CSQ?`. */
const LINES: readonly string[] = [...families].flatMap(([name, family]) => {
  const forms = Object.keys(family);
  return [
    `AT${name}`,
    ...(forms.includes('read') ? [`AT${name}?`] : []),
    ...(forms.includes('test') ? [`AT${name}=?`] : []),
  ];
});

const WORDS = ['help', 'exit'];

/** What a line may become, for readline. */
export function complete(line: string): [string[], string] {
  const typed = line.toUpperCase();
  const candidates = [...LINES, ...WORDS].filter((each) => each.toUpperCase().startsWith(typed));
  return [candidates, line];
}

/** What the terminal says to `help`, or to `help AT+CSQ`. */
export function help(subject: string): readonly string[] {
  const name = subject
    .trim()
    .toUpperCase()
    .replace(/^AT/, '')
    .replace(/[=?].*$/, '');
  if (name === '') return GENERAL;
  const family = families.get(name);
  if (family === undefined) return [`The SDK does not describe AT${name}; the module may know it.`];
  const forms = Object.entries(family).filter(([, form]) => typeof form === 'function');
  const { section, quirks } = family.info;
  const lines = [`AT${name}`, ...(forms.some(([form]) => form === 'read') ? [`AT${name}?`] : [])];
  if (forms.some(([form]) => form === 'test')) lines.push(`AT${name}=?`);
  const place = section.startsWith('manual')
    ? `AT command ${section}`
    : `application note, section ${section}`;
  return [
    lines.join('   '),
    `described in: ${place}`,
    ...(quirks === undefined
      ? []
      : [`firmwares differ: ${quirks.join(', ')} (the page "The wire" of the documentation)`]),
  ];
}

const GENERAL = [
  'A line that begins with AT is sent. The answer follows, with its meaning below it.',
  'Tab completes commands; the arrow keys bring back earlier ones.',
  'help AT+CSQ       what is known of a command',
  'hex 48 65 6c      payload in hexadecimal, where the module asks for payload or in data mode',
  '+++               leaves data mode',
  'exit, Ctrl-D      ends',
];

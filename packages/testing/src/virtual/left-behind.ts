import type { Recorded } from './recorded.js';

/** A command whose answer shows a setting, what it is usually, and the commands that make it what it was. */
type Setting = readonly [read: string, name: string, usual: RegExp, restore: (value: string) => string[]];

const SETTINGS: readonly Setting[] = [
  ['AT+CNMP?', '+CNMP', /^2$/, (mode) => [`AT+CNMP=${mode}`]],
  ['AT+COPS?', '+COPS', /^[^2]/, () => ['AT+COPS=2']],
  ['AT+CGATT?', '+CGATT', /^1$/, () => ['AT+CGATT=0']],
  ['AT+CFUN?', '+CFUN', /^1$/, (mode) => [`AT+CFUN=${mode}`]],
  [
    'AT+CSOCKSETPN?',
    '+CSOCKSETPN',
    /^1?,?1$/,
    (value) => [`AT+CSOCKSETPN=${value.includes(',') ? value : `1,${value}`}`],
  ],
  ['AT+CIPMODE?', '+CIPMODE', /^0$/, () => ['AT+CIPMODE=1']],
  ['AT+CSCLK?', '+CSCLK', /^0$/, (mode) => [`AT+CSCLK=${mode}`]],
];

/**
 * The commands that bring a module into the state that other programs had left it in.
 *
 * @param recorded The conversation.
 * @returns command lines, in order.
 */
export function leftBehind(recorded: Recorded): string[] {
  const settings = SETTINGS.flatMap(([read, name, usual, restore]) => {
    const value = recorded.valueOf([read], name, 'first');
    return value === undefined || usual.test(value) ? [] : restore(value);
  });
  const wasOpen = recorded.valueOf(['AT+NETOPEN?'], '+NETOPEN', 'first')?.startsWith('1') === true;
  return [...(wasOpen ? ['AT+NETOPEN', ...links(recorded)] : []), ...settings];
}

/** Links that were open; their peers are hidden, so each becomes one for datagrams. */
function links(recorded: Recorded): string[] {
  return recorded
    .after('AT+CIPOPEN?', 'first')
    .map((line) => /^\+CIPOPEN: ?(\d),"/.exec(line)?.[1])
    .filter((link) => link !== undefined)
    .map((link) => `AT+CIPOPEN=${link},"UDP",,,${5000 + Number(link)}`);
}

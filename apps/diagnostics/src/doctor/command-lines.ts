import type { Login } from '../dialogue/cgauth.js';

/** Who is connected to unless the command line says otherwise: a host that is there for documentation and tests. */
export const USUAL_TARGET = { host: 'example.com', port: 80 };

/** What an examination was asked for. */
interface Asked {
  readonly connection: string;
  readonly apn: string | undefined;
  readonly login?: Login | undefined;
  readonly pin: string | undefined;
  readonly target: { readonly host: string; readonly port: number };
}

/**
 * A command line of `a7600` for the modem that is examined. One of `doctor` examines it as it was asked for; `more` comes
 * before what it replaces: `['--apn', 'NAME']`.
 */
export function commandLine(options: Asked, subcommand: string, ...more: readonly string[]): string {
  const asked = subcommand === 'doctor' ? askedFor(options) : [];
  const kept = asked.filter(([option = '']) => !more.includes(option)).flat();
  const words = ['a7600', subcommand, options.connection, ...more, ...kept];
  return words.filter((word) => word !== '').join(' ');
}

/** How the modem gets into its network, as options. Files are named by who types the line. */
export function accessOf({ apn, login, pin }: Asked): readonly (readonly string[])[] {
  return [
    ...(apn === undefined ? [] : [['--apn', apn]]),
    ...(login === undefined ? [] : [['--user', login.user, '--password-file', 'FILE']]),
    ...(pin === undefined ? [] : [['--pin-file', 'FILE']]),
  ];
}

function askedFor(options: Asked): readonly (readonly string[])[] {
  const { host, port } = options.target;
  const isUsual = host === USUAL_TARGET.host && port === USUAL_TARGET.port;
  const name = host.includes(':') ? `[${host}]` : host;
  return [...accessOf(options), ...(isUsual ? [] : [['--target', `${name}:${port}`]])];
}

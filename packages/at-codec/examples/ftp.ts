import { a7600, type Command, command, commandLine, notice, quoted } from '@a7600/at-codec';

/** A dialect with the module's FTP client: its URC, and the header in front of each piece of a file. */
export const withFtp: typeof a7600 = {
  ...a7600,
  urcs: [...a7600.urcs, notice('+CFTPSNOTIFY', 'name', 'FTPS')],
  counted: [
    ...a7600.counted,
    { text: '+CFTPSGET', match: 'name', count: (line) => line.int(1), max: 65_536 },
  ],
};

/** Fetches a file: `OK`, then `+CFTPSGET: DATA,<length>` with so many bytes, again and again, `+CFTPSGET: 0`. */
export const cftpsGet = ({ path }: { readonly path: string }): Command<readonly Uint8Array[]> =>
  command(commandLine('+CFTPSGET', [quoted('path', path, 128)]), {
    timeout: 120_000,
    claims: (line) => line.name === '+CFTPSGET' && line.announces > 0,
    outcome: {
      claims: (line) => line.name === '+CFTPSGET' && line.integers === 1,
      error: (line) => line.int(0),
    },
    read: ({ payload }) => payload,
  });

import { a7600, type Command, command, commandLine, notice, quoted } from '@a7600/at-codec';

/** A dialect with the module's FTP client: its URC, and the header before each chunk of a file. */
export const withFtp: typeof a7600 = {
  ...a7600,
  urcs: [...a7600.urcs, notice('+CFTPSNOTIFY', 'name', 'FTPS')],
  blocks: [...a7600.blocks, { text: '+CFTPSGET', match: 'name', length: (line) => line.int(1), max: 65_536 }],
};

/** Fetches a file: `OK`, then `+CFTPSGET: DATA,<length>` with so many bytes, again and again, `+CFTPSGET: 0`. */
export const cftpsGet = ({ path }: { readonly path: string }): Command<readonly Uint8Array[]> =>
  command(commandLine('+CFTPSGET', [quoted('path', path, 128)]), {
    timeout: 120_000,
    claims: (line) => line.name === '+CFTPSGET' && line.payloadLength > 0,
    outcome: {
      claims: (line) => line.name === '+CFTPSGET' && line.integerCount === 1,
      error: (line) => line.int(0),
    },
    read: ({ payload }) => payload,
  });

import { type Argument, commandLine, integer, optional } from '../arguments.js';
import {
  type Command,
  command,
  executeCommand,
  family,
  intField,
  listCommand,
  type Outcome,
  testCommand,
} from '../command.js';
import { CommandErrorNumber } from '../error-tables.js';

/** A server that is listening. */
export interface ServerState {
  /** Server index, 0 to 3. */
  readonly server: number;
  /** The port that it listens on. */
  readonly port: number;
}

const serverArgument = (server: number): Argument => integer('server', server, 0, 3);

/** `+SERVERSTART`: listens on a TCP port. `OK` means that it does. The read form lists servers. */
export const serverStart = /* @__PURE__ */ family(
  { name: '+SERVERSTART', section: '3.4.2', quirks: ['Q-18', 'Q-25'] },
  (options: {
    /** 0 to 65535. */
    readonly port: number;
    /** Server index, 0 to 3. */
    readonly server: number;
    /** Connections that may wait, 1 to 3. Default 3. */
    readonly backlog?: number | undefined;
  }): Command<void> =>
    command(
      commandLine('+SERVERSTART', [
        integer('port', options.port, 0, 65_535),
        serverArgument(options.server),
        optional(options.backlog, (backlog) => integer('backlog', backlog, 1, 3)),
      ]),
      {
        meanings: {
          [CommandErrorNumber.PORT_IN_USE]: 'the TCP port is in use',
          [CommandErrorNumber.SERVER_IN_USE]: 'the server index is in use',
        },
      },
    ),
  {
    read: (): Command<readonly ServerState[]> =>
      listCommand('+SERVERSTART', (line) => ({ server: intField(line, 0), port: intField(line, 1) })),
    test: () => testCommand('+SERVERSTART'),
  },
);

/** `+SERVERSTOP`: stops listening. Its result comes before or after `OK`. */
export const serverStop = /* @__PURE__ */ family(
  { name: '+SERVERSTOP', section: '3.4.1', quirks: ['Q-7', 'Q-18'] },
  ({ server }: { readonly server: number }): Command<void> =>
    command(commandLine('+SERVERSTOP', [serverArgument(server)]), stopping(server)),
  {
    /** `AT+SERVERSTOP` alone stops server 0. */
    execute: (): Command<void> => ({ ...executeCommand('+SERVERSTOP'), ...stopping(0) }),
  },
);

function stopping(server: number): { readonly outcome: Outcome; readonly meanings: Record<number, string> } {
  return {
    outcome: {
      claims: (line) => line.name === '+SERVERSTOP' && line.int(0) === server,
      error: (line) => line.int(1),
    },
    meanings: {
      [CommandErrorNumber.NOT_LISTENING]: 'the server is not listening',
      [CommandErrorNumber.CLIENTS_CONNECTED]: 'clients of the server are still connected',
    },
  };
}

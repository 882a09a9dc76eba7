import { commandLine } from '../arguments.js';
import {
  type Command,
  command,
  family,
  intField,
  NETWORK,
  readCommand,
  testCommand,
  textField,
  unreadable,
} from '../command.js';

/**
 * `+NETOPEN`: starts the socket service. Its result comes after `OK` and says 0 for success; the
 * read form's line comes before `OK` and says 1 for open.
 */
export const netOpen = /* @__PURE__ */ family(
  { name: '+NETOPEN', section: '3.1.3', quirks: ['Q-9', 'Q-10', 'Q-32'] },
  (): Command<void> =>
    command(commandLine('+NETOPEN'), {
      timeout: NETWORK,
      outcome: { claims: (line) => line.name === '+NETOPEN', error: (line) => line.int(0) },
    }),
  { read: (): Command<boolean> => readCommand('+NETOPEN', (line) => intField(line, 0) === 1) },
);

/** `+NETCLOSE`: stops the socket service and closes what is open. */
export const netClose = /* @__PURE__ */ family(
  { name: '+NETCLOSE', section: '3.1.4', quirks: ['Q-9', 'Q-33'] },
  (): Command<void> =>
    command(commandLine('+NETCLOSE'), {
      timeout: NETWORK,
      outcome: { claims: (line) => line.name === '+NETCLOSE', error: (line) => line.int(0) },
      meanings: { 2: 'the network is already closed' },
    }),
  { test: () => testCommand('+NETCLOSE') },
);

/** `+IPADDR`: the address that the socket service has. */
export const ipAddr = /* @__PURE__ */ family(
  { name: '+IPADDR', section: '3.1.3', quirks: ['Q-5', 'Q-22'] },
  (): Command<string> =>
    command(commandLine('+IPADDR'), {
      claims: (line) => line.name === '+IPADDR',
      read: ({ line }) => {
        const address = textField(line, 0);
        if (!/^[0-9a-f.:]+$/i.test(address)) throw unreadable(`"${line.text}" instead of an address`);
        return address;
      },
    }),
  { test: () => testCommand('+IPADDR') },
);

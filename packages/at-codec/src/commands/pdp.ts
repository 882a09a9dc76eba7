import { commandLine, integer, oneOf, quoted, secret } from '../arguments.js';
import { type Command, command, family, intField, testCommand, textField } from '../command.js';

/** The address family of a PDP context. */
export type PdpType = 'IP' | 'IPV6' | 'IPV4V6';

/** A PDP context definition. */
export interface PdpContext {
  /** Context id, 1 to 15. */
  readonly cid: number;
  readonly type: string;
  /** Access point name, empty for the network's default. */
  readonly apn: string;
}

/** `+CGDCONT`: defines a PDP context. Stored by the module. */
export const cgdcont = /* @__PURE__ */ family(
  { name: '+CGDCONT', section: '3.1.2' },
  ({ cid = 1, type = 'IP', apn }: { readonly cid?: number; readonly type?: PdpType; readonly apn: string }) =>
    command(
      commandLine('+CGDCONT', [
        integer('cid', cid, 1, 15),
        quoted('type', oneOf('type', type, ['IP', 'IPV6', 'IPV4V6']).text, 6),
        secret(quoted('apn', apn, 100)),
      ]),
    ),
  {
    read: (): Command<readonly PdpContext[]> =>
      command(
        { text: 'AT+CGDCONT?', label: 'AT+CGDCONT?' },
        {
          claims: (line) => line.name === '+CGDCONT',
          read: ({ lines }) =>
            lines.map((line) => ({
              cid: intField(line, 0),
              type: textField(line, 1),
              apn: line.fields[2] ?? '',
            })),
        },
      ),
    test: () => testCommand('+CGDCONT'),
  },
);

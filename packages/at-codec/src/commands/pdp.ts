import { commandLine, flag, integer, oneOf, optional, quoted, secret } from '../arguments.js';
import {
  type Command,
  command,
  executeCommand,
  family,
  intField,
  listCommand,
  testCommand,
  textField,
} from '../command.js';
import type { Line } from '../decoder/line.js';
import { toggle } from './settings.js';

/** The address family of a PDP context. */
export type PdpType = 'IP' | 'IPV6' | 'IPV4V6';

/** A PDP context definition. */
export interface PdpContext {
  /** Context id, 1 to 15. */
  readonly cid: number;
  /** A {@link PdpType}, or another word of the firmware. */
  readonly type: string;
  /** Access point name, empty for the network's default. */
  readonly apn: string;
}

/** Whether a PDP context is active. */
export interface PdpActivation {
  /** Context id, 1 to 15. */
  readonly cid: number;
  /** Whether it is active. */
  readonly active: boolean;
}

/** The addresses of a PDP context; none while it is not active. */
export interface PdpAddress {
  /** Context id, 1 to 15. */
  readonly cid: number;
  /** IPv4 and IPv6 addresses. */
  readonly addresses: readonly string[];
}

/** What a PDP context has been given by the network. */
export interface ActivePdpContext {
  /** Context id, 1 to 15. */
  readonly cid: number;
  /** Access point name in use; the network may have added `.mnc…mcc….gprs`. */
  readonly apn: string;
}

const cidArgument = (cid: number) => integer('cid', cid, 1, 15);

/** `+CGDCONT`: defines a PDP context. Stored by the module. */
export const cgdcont = /* @__PURE__ */ family(
  { name: '+CGDCONT', section: '3.1.2' },
  ({
    cid = 1,
    type = 'IP',
    apn,
  }: {
    readonly cid?: number;
    readonly type?: PdpType;
    /** Up to 100 printable ASCII characters; kept out of logs. */
    readonly apn: string;
  }): Command<void> =>
    command(
      commandLine('+CGDCONT', [
        cidArgument(cid),
        quoted('type', oneOf('type', type, ['IP', 'IPV6', 'IPV4V6']).text, 6),
        secret(quoted('apn', apn, 100)),
      ]),
    ),
  {
    read: (): Command<readonly PdpContext[]> =>
      listCommand('+CGDCONT', (line) => ({
        cid: intField(line, 0),
        type: textField(line, 1),
        apn: line.fields[2] ?? '',
      })),
    test: () => testCommand('+CGDCONT'),
    execute: () => executeCommand('+CGDCONT'),
  },
);

/**
 * `+CGACT`: activates or deactivates a PDP context. An LTE network may refuse to switch the
 * default bearer: such a refusal has no consequence.
 */
export const cgact = /* @__PURE__ */ family(
  { name: '+CGACT', section: 'manual 5' },
  ({ active, cid }: PdpActivation): Command<void> =>
    command(commandLine('+CGACT', [flag('active', active), cidArgument(cid)])),
  {
    read: (): Command<readonly PdpActivation[]> =>
      listCommand('+CGACT', (line) => ({ cid: intField(line, 0), active: intField(line, 1) === 1 })),
    test: () => testCommand('+CGACT'),
  },
);

/** `+CGATT`: attaches the module to the packet domain, or detaches it. */
export const cgatt = /* @__PURE__ */ toggle({ name: '+CGATT', section: 'manual 5' }, 'attached');

/** `+CGPADDR`: the addresses of one PDP context, or of all. The answer may have no line at all. */
export const cgpaddr = /* @__PURE__ */ family(
  { name: '+CGPADDR', section: 'manual 5', quirks: ['Q-22', 'Q-40'] },
  ({ cid }: { readonly cid?: number | undefined } = {}): Command<readonly PdpAddress[]> => ({
    ...listCommand('+CGPADDR', readAddress),
    ...commandLine('+CGPADDR', [optional(cid, cidArgument)]),
  }),
  { test: () => testCommand('+CGPADDR') },
);

/** `+CGCONTRDP`: what the network has given to an active PDP context; no line for one that is not active. */
export const cgcontrdp = /* @__PURE__ */ family(
  { name: '+CGCONTRDP', section: 'manual 5' },
  ({ cid }: { readonly cid: number }): Command<readonly ActivePdpContext[]> => ({
    ...listCommand('+CGCONTRDP', (line) => ({ cid: intField(line, 0), apn: line.fields[2] ?? '' })),
    ...commandLine('+CGCONTRDP', [cidArgument(cid)]),
  }),
  { test: () => testCommand('+CGCONTRDP') },
);

function readAddress(line: Line): PdpAddress {
  const addresses = line.fields.slice(1).filter((address) => address !== '');
  return { cid: intField(line, 0), addresses };
}

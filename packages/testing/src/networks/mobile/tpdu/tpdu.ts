import { type Address, parseAddress, printAddress } from './address.js';
import { parseTimeStamp, printTimeStamp, type ZonedTime } from './time-stamp.js';
import { MAX_OCTETS, octetsFor, type UserData } from './user-data.js';

/** A message from a terminal to the service centre (3GPP TS 23.040, 9.2.2.2). */
export interface Submit {
  /** Tells it from the other PDUs (TP-MTI). */
  readonly kind: 'submit';
  /** The first octet, whose bits 3, 4 and 6 say what else there is. */
  readonly flags: number;
  /** TP-MR. */
  readonly reference: number;
  /** Whom it is for (TP-DA). */
  readonly to: Address;
  /** TP-PID. */
  readonly protocol: number;
  /** TP-VP: none, one octet (relative), or seven (absolute or enhanced). */
  readonly validity: Uint8Array;
  /** Its text or octets (TP-UD). */
  readonly data: UserData;
}

/** A message from the service centre to a terminal (3GPP TS 23.040, 9.2.2.1). */
export interface Deliver {
  /** Tells it from the other PDUs (TP-MTI). */
  readonly kind: 'deliver';
  /** The first octet of the PDU. */
  readonly flags: number;
  /** Who sent it (TP-OA). */
  readonly from: Address;
  /** TP-PID. */
  readonly protocol: number;
  /** When the service centre got it (TP-SCTS). */
  readonly at: ZonedTime;
  /** Its text or octets (TP-UD). */
  readonly data: UserData;
}

/** What became of a message (3GPP TS 23.040, 9.2.2.3). */
export interface StatusReport {
  /** Tells it from the other PDUs (TP-MTI). */
  readonly kind: 'status report';
  /** The first octet of the PDU. */
  readonly flags: number;
  /** TP-MR of the message. */
  readonly reference: number;
  /** Whom the message was for (TP-RA). */
  readonly to: Address;
  /** When the service centre got the message. */
  readonly at: ZonedTime;
  /** When it was delivered, or given up. */
  readonly discharged: ZonedTime;
  /** TP-ST: 0 is delivered, from 64 on the message is given up. */
  readonly status: number;
}

export type Tpdu = Submit | Deliver | StatusReport;

/** TP-MTI, the two lowest bits. */
const KIND = 0x03;
/** TP-MMS of a delivery: no more messages wait; TP-RD of a submission. */
export const BIT_2 = 0x04;
/** TP-VPF of a submission. */
const VALIDITY = 0x18;
/** TP-SRR of a submission, TP-SRI of a delivery. */
export const REPORT = 0x20;
/** TP-UDHI. */
export const HEADER = 0x40;

/** Octets of the validity period, by its format (3GPP TS 23.040, 9.2.3.3). */
const VALIDITY_OCTETS = [0, 7, 1, 7] as const;

/** The octets of a TPDU. */
export function printTpdu(tpdu: Tpdu): Uint8Array {
  switch (tpdu.kind) {
    case 'submit': {
      const { flags, reference, to, protocol, validity, data } = tpdu;
      return Uint8Array.of(
        flags,
        reference,
        ...printAddress(to),
        protocol,
        data.coding,
        ...validity,
        ...tail(data),
      );
    }
    case 'deliver': {
      const { flags, from, protocol, at, data } = tpdu;
      return Uint8Array.of(
        flags,
        ...printAddress(from),
        protocol,
        data.coding,
        ...printTimeStamp(at),
        ...tail(data),
      );
    }
    case 'status report': {
      const { flags, reference, to, at, discharged, status } = tpdu;
      const times = [...printTimeStamp(at), ...printTimeStamp(discharged)];
      return Uint8Array.of(flags, reference, ...printAddress(to), ...times, status);
    }
  }
}

/** Reads what a terminal sends; undefined when it is no complete submission. */
export function parseSubmit(octets: Uint8Array): Submit | undefined {
  const [flags, reference] = octets;
  if (flags === undefined || reference === undefined || (flags & KIND) !== 1) return undefined;
  const to = parseAddress(octets, 2);
  if (to === undefined) return undefined;
  const validityAt = to.end + 2;
  const dataAt = validityAt + (VALIDITY_OCTETS[(flags & VALIDITY) >> 3] ?? 0);
  const data = userDataAt(octets, dataAt, octets[to.end + 1], flags);
  if (data === undefined) return undefined;
  const protocol = octets[to.end] ?? 0;
  const validity = octets.slice(validityAt, dataAt);
  return { kind: 'submit', flags, reference, to: to.address, protocol, validity, data };
}

/** Reads what a terminal receives or stores; undefined when it is neither message nor report. */
export function parseReceived(octets: Uint8Array): Deliver | StatusReport | undefined {
  const [flags] = octets;
  if (flags === undefined) return undefined;
  if ((flags & KIND) === 0) return parseDeliver(octets, flags);
  return (flags & KIND) === 2 ? parseStatusReport(octets, flags) : undefined;
}

function parseDeliver(octets: Uint8Array, flags: number): Deliver | undefined {
  const from = parseAddress(octets, 1);
  if (from === undefined) return undefined;
  const data = userDataAt(octets, from.end + 9, octets[from.end + 1], flags);
  if (data === undefined) return undefined;
  const at = parseTimeStamp(octets.subarray(from.end + 2, from.end + 9));
  return { kind: 'deliver', flags, from: from.address, protocol: octets[from.end] ?? 0, at, data };
}

function parseStatusReport(octets: Uint8Array, flags: number): StatusReport | undefined {
  const to = parseAddress(octets, 2);
  const status = octets[(to?.end ?? 0) + 14];
  if (to === undefined || status === undefined) return undefined;
  const at = parseTimeStamp(octets.subarray(to.end, to.end + 7));
  const discharged = parseTimeStamp(octets.subarray(to.end + 7, to.end + 14));
  const reference = octets[1] ?? 0;
  return { kind: 'status report', flags, reference, to: to.address, at, discharged, status };
}

function tail({ length, octets }: UserData): number[] {
  return [length, ...octets];
}

function userDataAt(
  octets: Uint8Array,
  at: number,
  coding: number | undefined,
  flags: number,
): UserData | undefined {
  const length = octets[at];
  if (coding === undefined || length === undefined) return undefined;
  const size = octetsFor(coding, length);
  const end = at + 1 + size;
  if (size > MAX_OCTETS || end > octets.length) return undefined;
  const hasHeader = (flags & HEADER) !== 0;
  const data = { coding, hasHeader, length, octets: octets.slice(at + 1, end) };
  return hasHeader && 1 + (data.octets[0] ?? MAX_OCTETS) > size ? undefined : data;
}

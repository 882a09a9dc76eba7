import { type Observable, Subject } from 'rxjs';
import type { CallEnd } from './call.js';
import type { Attachment, Terminal } from './terminal.js';
import { addressOf, dialled } from './tpdu/address.js';
import { type Deliver, HEADER, REPORT, type StatusReport } from './tpdu/tpdu.js';
import { bodyOf, partIn, textIn, type UserData, userDataOf } from './tpdu/user-data.js';
import type { UssdMessage } from './ussd.js';

/** A message as a person reads it, its parts joined. */
export interface PhoneMessage {
  /** The number of the sender. */
  readonly from: string;
  /** What it says; of an 8-bit message, each octet as a character. */
  readonly text: string;
  /** The octets of an 8-bit or UCS2 message; of a 7-bit one, as they were packed. */
  readonly octets: Uint8Array;
  /** TP-DCS (3GPP TS 23.038, 4). */
  readonly coding: number;
  /** How many short messages it came in. */
  readonly parts: number;
  /** When the service centre got its last part, in ms since 1970. */
  readonly at: number;
}

/** What became of a message that asked for a report. */
export interface DeliveryReport {
  /** To whom the message was sent. */
  readonly to: string;
  /** TP-MR of the message. */
  readonly reference: number;
  /** 0 is delivered, from 64 on it was given up (3GPP TS 23.040, 9.2.3.15). */
  readonly status: number;
}

/** How a phone sends a message. */
export interface SendingOptions {
  /** Asks for a {@link DeliveryReport}. Default false. */
  readonly report?: boolean;
  /** User data in place of the text, for what is not a text: a port, a class, octets. */
  readonly data?: UserData;
  /** TP-PID (3GPP TS 23.040, 9.2.3.9). Default 0. */
  readonly protocol?: number;
}

/** A phone in a mobile network: what the person at the other end does and sees. */
export interface Phone {
  /** Under which others reach it. */
  readonly number: string;
  /** Switched off, messages wait for it and calls fail. Default true. */
  on: boolean;
  /** What it has received, oldest first. */
  readonly inbox: readonly PhoneMessage[];
  /** Hot, no replay. */
  readonly messages$: Observable<PhoneMessage>;
  /** Hot, no replay. */
  readonly reports$: Observable<DeliveryReport>;
  /** Calls that come in, to be answered or hung up. Hot, no replay; those that are not taken ring on. */
  readonly calls$: Observable<CallEnd>;
  /** Hot, no replay: what the network says by itself. */
  readonly notices$: Observable<UssdMessage>;
  /**
   * Sends a text, in parts where it is long.
   *
   * @param to The number of another subscriber.
   * @param text Of any length.
   * @param options A report, or other content than a text.
   */
  send(to: string, text: string, options?: SendingOptions): void;
  /**
   * Calls another subscriber.
   *
   * @param to The number of another subscriber.
   * @param withheld Keeps the own number from the other end. Default false.
   * @returns This end of the call.
   */
  call(to: string, withheld?: boolean): CallEnd;
}

/** Puts a phone into a network by attaching its terminal. */
export function phone(attach: (terminal: Terminal) => Attachment, number: string): Phone {
  const inbox: PhoneMessage[] = [];
  const messages = new Subject<PhoneMessage>();
  const reports = new Subject<DeliveryReport>();
  const calls = new Subject<CallEnd>();
  const notices = new Subject<UssdMessage>();
  const parts = new Map<string, (Deliver | undefined)[]>();
  let on = true;
  let references = 0;

  const received = (segments: readonly Deliver[]) => {
    const [first] = segments;
    const last = segments.at(-1);
    if (first === undefined || last === undefined) return;
    const message: PhoneMessage = {
      from: dialled(first.from),
      text: segments.map(({ data }) => textIn(data)).join(''),
      octets: Uint8Array.from(segments.flatMap(({ data }) => [...bodyOf(data)])),
      coding: first.data.coding,
      parts: segments.length,
      at: last.at.ms,
    };
    inbox.push(message);
    messages.next(message);
  };

  const receive = (message: Deliver | StatusReport) => {
    if (message.kind === 'status report') {
      const { to, reference, status } = message;
      reports.next({ to: dialled(to), reference, status });
      return true;
    }
    const part = partIn(message.data);
    if (part === undefined) {
      received([message]);
      return true;
    }
    const key = `${dialled(message.from)} ${part.reference} ${part.count}`;
    const segments = parts.get(key) ?? new Array<Deliver | undefined>(part.count).fill(undefined);
    segments[part.number - 1] = message;
    parts.set(key, segments);
    const whole = segments.filter((segment) => segment !== undefined);
    if (whole.length === part.count) {
      parts.delete(key);
      received(whole);
    }
    return true;
  };

  const attachment = attach({
    receive,
    reachable: () => on,
    ring: (call) => {
      calls.next(call);
      return true;
    },
    notify: (message) => notices.next(message),
  });

  return {
    number,
    inbox,
    messages$: messages.asObservable(),
    reports$: reports.asObservable(),
    calls$: calls.asObservable(),
    notices$: notices.asObservable(),
    get on() {
      return on;
    },
    set on(now) {
      on = now;
      if (now) attachment.available();
    },
    send(to, text, { report = false, data, protocol = 0 } = {}) {
      const whole = data === undefined ? userDataOf(text, (references + 1) & 0xff) : [data];
      for (const segment of whole) {
        references = (references + 1) & 0xff;
        const flags = 1 | (report ? REPORT : 0) | (segment.hasHeader ? HEADER : 0);
        const destination = addressOf(to);
        const validity = new Uint8Array();
        const submitted = attachment.submit({
          kind: 'submit',
          flags,
          reference: references,
          to: destination,
          protocol,
          validity,
          data: segment,
        });
        if ('forward' in submitted) submitted.forward();
      }
    },
    call: (to, withheld) => attachment.dial(to, withheld),
  };
}

import { asyncScheduler, type SchedulerLike } from 'rxjs';
import { type CellBroadcast, pagesOf } from './broadcast.js';
import { Call, type CallEnd, type CallEnded } from './call.js';
import { type ForwardingReason, type Forwardings, MAX_FORWARDS } from './forwarding.js';
import { type Phone, phone } from './phone.js';
import { ServiceCentre } from './service-centre.js';
import type { Attachment, Terminal } from './terminal.js';
import type { Submit } from './tpdu/tpdu.js';
import { plainUssd, type UssdMessage, type UssdScript, UssdSession } from './ussd.js';

/** Settings of a {@link mobileNetwork}. */
export interface MobileNetworkOptions {
  /** The network's clock. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
  /** Quarters of an hour between its local time and UTC. Default 0. */
  readonly zone?: number;
  /** Number of its service centre for messages. Default `+12025550199`. */
  readonly centre?: string;
  /** Answers USSD codes. Default {@link plainUssd}. */
  readonly ussd?: UssdScript;
}

/** What a mobile network refuses; change it at any time. */
export interface MobileConditions {
  /** The cause with which the service centre refuses messages, e.g. 38 (network out of order); none by default. */
  refusal: number | undefined;
}

/** A mobile network: numbers, calls, messages and USSD, for phones and emulated modules. */
export interface MobileNetwork {
  /** Number of the service centre for messages. */
  readonly centre: string;
  /** Quarters of an hour between its local time and UTC. */
  readonly zone: number;
  /** What it refuses; change it at any time. */
  readonly conditions: MobileConditions;
  /**
   * Milliseconds since 1970, as the network has it.
   *
   * @returns ms since 1970, UTC.
   */
  now(): number;
  /**
   * Gives a terminal a number: the wanted one, or the next free one when it is taken or none is
   * wanted.
   *
   * @param terminal What is reached under the number.
   * @param wanted The number, with its country code.
   * @returns The network as the terminal sees it.
   */
  attach(terminal: Terminal, wanted?: string): Attachment;
  /**
   * The phone with that number; made when there is none. Throws when a module has the number.
   *
   * @param number With its country code.
   * @returns The phone; the same one each time for a number.
   */
  phone(number: string): Phone;
  /**
   * Sends a subscriber a USSD message that it did not ask for.
   *
   * @param number Of the subscriber.
   * @param message What it is shown.
   */
  notify(number: string, message: UssdMessage): void;
  /**
   * Sends a message to every terminal that can be reached. Throws a `RangeError` where it cannot be sent.
   *
   * @param message The text and its channel.
   */
  broadcast(message: CellBroadcast): void;
}

/** The first number that is given away; those up to 199 are fictitious (North American plan, 555-01xx). */
const FIRST_NUMBER = 12_025_550_100;

/**
 * Makes a {@link MobileNetwork}.
 *
 * @param options Everything has a default.
 * @returns A network without subscribers.
 */
export function mobileNetwork(options: MobileNetworkOptions = {}): MobileNetwork {
  const { scheduler = asyncScheduler, zone = 0, centre = '+12025550199', ussd = plainUssd } = options;
  const terminals = new Map<string, Terminal>();
  const phones = new Map<string, Phone>();
  const forwarding = new Map<string, Forwardings>();
  const conditions: MobileConditions = { refusal: undefined };
  const now = () => scheduler.now();
  const known = (number: string) => {
    const key = subscriberOf(number, terminals);
    return key === undefined ? undefined : terminals.get(key);
  };
  const messages = new ServiceCentre({ now: () => ({ ms: now(), zone }), terminal: known });

  /** Rings at a number, or where its calls are forwarded to. */
  const connect = (call: Call, to: string, forwards = MAX_FORWARDS): void => {
    const key = subscriberOf(to, terminals);
    const terminal = key === undefined ? undefined : terminals.get(key);
    const forwarded = (reason: ForwardingReason) => {
      const way = forwarding.get(key ?? '')?.get(reason);
      return way?.active === true ? way : undefined;
    };
    const pass = (reason: ForwardingReason, otherwise: CallEnded) => {
      const way = forwarded(reason);
      if (way === undefined || forwards === 0) call.finish(otherwise);
      else if (call.redirect() !== undefined) connect(call, way.number, forwards - 1);
    };
    if (forwarded('unconditional') !== undefined) pass('unconditional', 'unreachable');
    else if (terminal === undefined || !terminal.reachable()) pass('unreachable', 'unreachable');
    else if (!terminal.ring(call.called)) pass('busy', 'busy');
    else {
      call.ring();
      const later = forwarded('not answered');
      const { called } = call;
      if (later === undefined) return;
      scheduler.schedule(() => {
        if (called === call.called && call.rings) pass('not answered', 'not answered');
      }, later.seconds * 1000);
    }
  };

  const dial = (caller: string, to: string, withheld: boolean): CallEnd => {
    const call = new Call({ caller: withheld ? '' : caller, called: to });
    connect(call, to);
    return call.caller;
  };

  const network: MobileNetwork = {
    centre,
    zone,
    conditions,
    now,
    attach(terminal, wanted) {
      const number = wanted === undefined || terminals.has(wanted) ? freeNumber(terminals, centre) : wanted;
      const session = new UssdSession(ussd);
      terminals.set(number, terminal);
      const forwardings: Forwardings = forwarding.get(number) ?? new Map();
      forwarding.set(number, forwardings);
      return {
        number,
        forwardings,
        submit(message: Submit) {
          const { refusal } = conditions;
          if (refusal !== undefined) return { cause: refusal };
          return { forward: () => messages.forward(number, message) };
        },
        dial: (to, withheld = false) => dial(number, to, withheld),
        ussd: (text) => session.send(text),
        cancelUssd: () => session.cancel(),
        available: () => messages.available(number),
        detach: () => {
          if (terminals.get(number) === terminal) terminals.delete(number);
        },
      };
    },
    phone(number) {
      const there = phones.get(number);
      if (there !== undefined) return there;
      if (terminals.has(number)) throw new Error(`${number} is the number of a module, not of a phone.`);
      const made = phone((terminal) => network.attach(terminal, number), number);
      phones.set(number, made);
      return made;
    },
    notify: (number, message) => known(number)?.notify(message),
    broadcast(message) {
      const pages = pagesOf(message);
      for (const terminal of terminals.values()) {
        if (terminal.reachable()) for (const page of pages) terminal.hearBroadcast?.(page);
      }
    },
  };
  return network;
}

function freeNumber(taken: ReadonlyMap<string, unknown>, centre: string): string {
  for (let number = FIRST_NUMBER; ; number++) {
    const text = `+${number}`;
    if (!taken.has(text) && text !== centre) return text;
  }
}

/** Shortest number that may stand for a longer one, as national numbers stand for international ones. */
const SHORTEST_NATIONAL = 7;

/** Whose number was dialled, with or without its country code. */
function subscriberOf(dialled: string, numbers: ReadonlyMap<string, unknown>): string | undefined {
  if (numbers.has(dialled)) return dialled;
  const digits = dialled.replace(/^(\+|00|0)/, '');
  for (const number of numbers.keys()) {
    const own = number.replace(/^\+/, '');
    if (own === digits || (digits.length >= SHORTEST_NATIONAL && own.endsWith(digits))) return number;
  }
  return undefined;
}

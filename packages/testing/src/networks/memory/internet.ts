import { asyncScheduler, Observable, type SchedulerLike } from 'rxjs';
import { type Range, random, within } from '../../random.js';
import { type MobileNetwork, mobileNetwork } from '../mobile/mobile-network.js';
import { isAddress, NetworkError } from '../network.js';
import { GOOD_CONDITIONS, type HostConditions } from './conditions.js';
import { Host, type MemoryHost } from './host.js';
import { Path } from './path.js';

/** Settings of a {@link memoryInternet}. Times are in ms. */
export interface MemoryInternetOptions {
  /** What takes time goes through it. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
  /** What is left to chance comes from it. Default 1. */
  readonly seed?: number;
  /** Time from any host to any other, one way. Default 0: everything happens at once. */
  readonly latency?: Range;
  /** Time that a name server takes. Default 0. */
  readonly nameLatency?: Range;
  /** Time after which a connection that is not answered is given up. Default 28000. */
  readonly synTimeout?: number;
  /** Carries calls and messages of the modules in it. Default: one of its own. */
  readonly mobile?: MobileNetwork;
}

/** How to connect a host; what is left out is in good order. */
export interface MemoryHostOptions extends Partial<HostConditions> {
  /** Names that lead to it. */
  readonly names?: readonly string[];
}

/** An internet in memory: hosts with addresses, a name server, and ways between them. */
export interface MemoryInternet {
  /** Carries calls and messages of the modules in it. */
  readonly mobile: MobileNetwork;
  /**
   * Adds a host, for instance the network of an emulated module, which sees all the others. Throws
   * when the address is taken.
   *
   * @param address Its IP address.
   * @param options How it is connected, and its names.
   * @returns The host.
   */
  host(address: string, options?: MemoryHostOptions): MemoryHost;
  /**
   * Lets a name lead to these addresses, the first one first; without any it is unknown.
   *
   * @param name In any mix of cases.
   * @param addresses Where it leads to.
   */
  name(name: string, ...addresses: string[]): void;
}

/** Six attempts, after 1, 1, 2, 3, 3, 6 and 12 s (protocol 3.17, `CSOC`). */
const SYN_TIMEOUT = 28_000;

/**
 * Makes a {@link MemoryInternet}. With the same seed, and a virtual scheduler, the same happens
 * every time. Without latency and bandwidth nothing takes time: all that follows from a call has
 * happened when it returns.
 *
 * @param options Times, chance, and the mobile network in it.
 * @returns An internet without hosts.
 */
export function memoryInternet(options: MemoryInternetOptions = {}): MemoryInternet {
  const { scheduler = asyncScheduler, seed = 1, latency = 0, nameLatency = 0 } = options;
  const chance = random(seed).fork('internet');
  const conditions = { scheduler, chance, latency };
  const hosts = new Map<string, Host>();
  const names = new Map<string, readonly string[]>();

  const resolve = (name: string) =>
    new Observable<readonly string[]>((subscriber) => {
      const answer = () => {
        const addresses = isAddress(name) ? [name] : names.get(name.toLowerCase());
        if (addresses === undefined) {
          subscriber.error(new NetworkError('unknown-host', `There is no host ${name}.`));
          return;
        }
        subscriber.next(addresses);
        subscriber.complete();
      };
      const delay = isAddress(name) ? 0 : within(nameLatency, chance);
      if (delay > 0) return scheduler.schedule(answer, delay);
      answer();
      return undefined;
    });

  const name = (text: string, ...addresses: string[]) => {
    if (addresses.length === 0) names.delete(text.toLowerCase());
    else names.set(text.toLowerCase(), addresses);
  };

  const mobile = options.mobile ?? mobileNetwork({ scheduler });

  const internet = {
    scheduler,
    mobile,
    synTimeout: options.synTimeout ?? SYN_TIMEOUT,
    hostAt: (address: string) => hosts.get(address),
    path: (from: Host, to: Host) => new Path(conditions, from, to),
    resolve,
  };

  return {
    name,
    mobile,
    host(address, { names: own = [], ...conditions } = {}) {
      if (hosts.has(address)) throw new NetworkError('port-in-use', `There is a host ${address} already.`);
      const host = new Host(address, { ...GOOD_CONDITIONS, ...conditions }, internet);
      hosts.set(address, host);
      for (const text of own) name(text, address);
      return host;
    },
  };
}

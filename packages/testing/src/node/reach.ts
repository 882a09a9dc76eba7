import { lookup, Resolver } from 'node:dns';
import { Observable, switchMap } from 'rxjs';
import { type Endpoint, isAddress, NetworkError } from '../networks/network.js';

/** Called with the addresses of a name. */
type Found = (error: Error | null, addresses: string[]) => void;

/** Port of name servers, and how long one of them may take, in ms. */
const NAME_PORT = '53';
const NAME_TIMEOUT = 5_000;

/** Where the module may go in this computer's network. */
export interface Reach {
  /** The addresses of a name that it may know; see `Network.resolve`. */
  resolve(name: string, servers?: readonly string[]): Observable<readonly string[]>;
  /**
   * The address of an endpoint. Cold; emits it once, errors with a `NetworkError`:
   * `unknown-host`, or `unreachable` where it is not allowed.
   */
  find(to: Endpoint): Observable<Endpoint>;
}

/**
 * Loopback, and what is listed as `host:port`; a host or a port may be `*`. Listing a name allows
 * the addresses that the name server gives for it, too.
 */
export function reach(allowed: readonly string[]): Reach {
  const rules = allowed.map(parseRule);
  /** Names that were looked up, by address. */
  const known = new Map<string, Set<string>>();

  const listed = (host: string, port: string) => {
    const hosts = [host, ...(known.get(host) ?? [])];
    return rules.some(
      (rule) => (rule.port === '*' || port === rule.port) && (rule.host === '*' || hosts.includes(rule.host)),
    );
  };

  const mayResolve = (name: string) => rules.some(({ host }) => host === '*' || host === name);

  /** Asks the servers that the module names, where it may reach them; otherwise this computer's own. */
  const lookUp = (name: string, servers: readonly string[], done: Found) => {
    const near = servers.filter((server) => isLoopback(server) || listed(server, NAME_PORT));
    if (near.length === 0) {
      lookup(name, { all: true, family: 4 }, (error, found) =>
        done(error, error === null ? found.map(({ address }) => address) : []),
      );
      return;
    }
    const resolver = new Resolver({ timeout: NAME_TIMEOUT, tries: 1 });
    resolver.setServers(near);
    resolver.resolve4(name, done);
  };

  const resolve = (name: string, servers: readonly string[] = []) =>
    new Observable<readonly string[]>((subscriber) => {
      const wanted = name.toLowerCase();
      const answer = (addresses: readonly string[]) => {
        subscriber.next(addresses);
        subscriber.complete();
      };
      if (wanted === 'localhost') answer(['127.0.0.1']);
      else if (isAddress(wanted)) answer([wanted]);
      else if (!mayResolve(wanted)) {
        subscriber.error(new NetworkError('unknown-host', `${name} is not among the allowed destinations.`));
      } else {
        lookUp(wanted, servers, (error, found) => {
          if (error !== null) {
            subscriber.error(new NetworkError('unknown-host', error.message, error));
            return;
          }
          for (const address of found) known.set(address, new Set(known.get(address)).add(wanted));
          answer(found);
        });
      }
    });

  return {
    resolve,
    find: ({ host, port }) =>
      resolve(host).pipe(
        switchMap(([address = host]) => {
          if (isLoopback(address) || listed(address, String(port))) return [{ host: address, port }];
          throw new NetworkError('unreachable', `${host}:${port} is not among the allowed destinations.`);
        }),
      ),
  };
}

function parseRule(text: string): { readonly host: string; readonly port: string } {
  const match = /^(?:\[([^\]]+)\]|([^:\s]+)):(\*|\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = match?.[3];
  if (host === undefined || port === undefined) {
    throw new RangeError(`"${text}" is no destination: write HOST:PORT, where either may be *.`);
  }
  return { host: host.toLowerCase(), port };
}

/** Whether an address is of this computer alone. */
export function isLoopback(host: string): boolean {
  return host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

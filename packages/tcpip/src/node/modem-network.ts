import type { ByteLink } from '@a7600/transport';
import { isObservable, type Observable, of } from 'rxjs';

/** A TCP connection of the module, as {@link ModemNetwork} gives it. */
export interface ModemLink extends ByteLink {
  /** The other side, as it was asked for or as the module reported it. */
  readonly remote: { readonly host: string; readonly port: number };
}

/** What the Node adapters need of a network; a `Network` of this package has it. */
export interface ModemNetwork {
  /** The address that the network gave the module. */
  readonly address: string;
  connect(options: {
    readonly host: string;
    readonly port: number;
    readonly localPort?: number | undefined;
  }): Observable<ModemLink>;
  listen(options: {
    readonly port: number;
    readonly backlog?: number | undefined;
    readonly onListening?: (() => void) | undefined;
  }): Observable<ModemLink>;
  /** The addresses of a name; without it names are left to `connect`. */
  resolve?(name: string): Observable<string>;
}

/**
 * An open network, or an observable of it for programs that are to survive its loss: each
 * connection asks it for the network of the moment. It should replay the newest one
 * (`shareReplay(1)`), and somebody else has to keep it subscribed.
 */
export type NetworkSource = ModemNetwork | Observable<ModemNetwork>;

/** The network to open something in. */
export function networkOf(source: NetworkSource): Observable<ModemNetwork> {
  return isObservable(source) ? source : of(source);
}

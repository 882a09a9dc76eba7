import { ipVersion } from './ip-address.js';
import type { Endpoint } from './ip-packets.js';

/** Addresses for documentation (RFC 5737, RFC 3849), for what the dialogue does not say. */
const MODULE = '192.0.2.1';
const MODULE_V6 = '2001:db8::1';
const UNKNOWN = '198.51.100.';
/** The first of the dynamic ports (RFC 6335). */
const DYNAMIC = 49_152;

/** The addresses of a capture, as far as the dialogue tells them. */
export class Peers {
  private readonly addresses = new Map<string, string>();
  private module = MODULE;
  private nextPort = DYNAMIC;

  /** Takes note of a line that tells an address. */
  observe(line: string): void {
    // `+IPADDR: 10.1.2.3`, and `+CDNSGIP: 1,"name","address"` (application note, 3.1.4 and 4.1).
    const [, own] = /^\+IPADDR: ([\d.]+|[\da-f:]+)$/i.exec(line) ?? [];
    if (own !== undefined && ipVersion(own) !== 0) this.module = own;
    const [, name, address] = /^\+CDNSGIP: 1,"([^"]+)","([^"]+)"/.exec(line) ?? [];
    if (name !== undefined && address !== undefined && ipVersion(address) !== 0)
      this.addresses.set(name, address);
  }

  /** The peer that a command names; a name that was not looked up gets an address for documentation. */
  remote(host: string, port: number): Endpoint {
    if (ipVersion(host) !== 0) return { address: host, port };
    const known = this.addresses.get(host) ?? `${UNKNOWN}${(this.addresses.size % 254) + 1}`;
    this.addresses.set(host, known);
    return { address: known, port };
  }

  /** The module's end of a connection: the port that is known, or another one for each connection. */
  local(remote: Endpoint, port?: number): Endpoint {
    const isOther = ipVersion(remote.address) !== ipVersion(this.module);
    const address = isOther ? (ipVersion(remote.address) === 6 ? MODULE_V6 : MODULE) : this.module;
    if (port !== undefined) return { address, port };
    this.nextPort = this.nextPort === 65_535 ? DYNAMIC : this.nextPort + 1;
    return { address, port: this.nextPort };
  }
}

/** What this computer knows about modems, as plain data, so that a bundle can carry it. */
export interface HostFacts {
  readonly platform: string;
  /** The ports of SIMCom modules. */
  readonly ports: readonly UsbFacts[];
  /** Who has the port that was asked for open or locked, as far as this user may see. */
  readonly holders: readonly Holder[];
  readonly modemManager: boolean;
  /** Network interfaces of the system that belong to a modem. */
  readonly interfaces: readonly IpInterface[];
  /** The time of this computer, in ms since 1970. */
  readonly time: number;
}

/** A program that has a port open or locked. */
export interface Holder {
  readonly pid: number;
  readonly name: string;
  /** Whether it is an a7600 that shares its line (`term --attach`). */
  readonly shares?: boolean;
}

/** A network interface that a modem provides: `wwan0`, `usb0`, `ppp0`. */
export interface IpInterface {
  readonly name: string;
  readonly driver: string;
  readonly state: string;
}

/** A port of a SIMCom module on USB. */
export interface UsbFacts {
  readonly path: string;
  /** What the port is for. */
  readonly role: string;
  readonly vendorId: string;
  readonly productId: string;
}

import type { FaultKind } from './faults/kinds.js';

/** What printed bytes are. */
export type Printed =
  /** What the host typed, sent back. */
  | 'echo'
  /** Information text or a final result. */
  | 'answer'
  | 'prompt'
  /** A result that follows `OK`, or an unsolicited line, with the data after it. */
  | 'report'
  /** Bytes of a transparent connection. */
  | 'data'
  /** A frame of a multiplexed line. */
  | 'frame';

/** Something that happened to or in an emulated module. */
export type EmulatorEvent = Happening & {
  /** The port where it happened, as `AT+CATR` counts them; left out for the first one. */
  readonly port?: number;
};

/** What happened, without its time. */
export type Happening =
  /** The host sent bytes. */
  | { readonly kind: 'received'; readonly bytes: Uint8Array }
  /** The module printed bytes. */
  | { readonly kind: 'printed'; readonly what: Printed; readonly bytes: Uint8Array }
  /** A command line is complete, its CR left out. */
  | { readonly kind: 'command'; readonly text: string }
  /** The emulator does not know this command and refuses it; a real module may know it. */
  | { readonly kind: 'unknown'; readonly command: string }
  /** The payload of a command is complete. */
  | { readonly kind: 'payload'; readonly bytes: Uint8Array }
  | { readonly kind: 'power'; readonly power: Power }
  /** The socket service of `AT+NETOPEN`. */
  | { readonly kind: 'network'; readonly network: NetworkState }
  | { readonly kind: 'link'; readonly link: number; readonly state: LinkState }
  /** A server listens (with its port) or does not any more. */
  | { readonly kind: 'server'; readonly server: number; readonly listens: number | undefined }
  | { readonly kind: 'mode'; readonly mode: Mode }
  /** The RI line is pulsed for that many ms. */
  | { readonly kind: 'ring pulse'; readonly duration: number }
  | { readonly kind: 'fault'; readonly fault: FaultKind };

/** `starting` is silent and deaf. */
export type Power = 'off' | 'starting' | 'on';

/** The socket service of `AT+NETOPEN`. */
export type NetworkState = 'closed' | 'opening' | 'open';

/** `opening` while its connection is being made. */
export type LinkState = 'free' | 'opening' | 'open';

/** `suspended` is command mode with a transparent connection open. */
export type Mode = 'command' | 'data' | 'suspended';

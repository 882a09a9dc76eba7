/** How a connection is secured. Certificates and keys are as they were loaded: PEM or DER. */
export interface TlsOptions {
  /** Name for SNI and for the check of the server's certificate. */
  readonly serverName: string;
  /** Sends the name to the server. */
  readonly sendsName: boolean;
  /** The server's certificate must lead to this one; undefined takes any. */
  readonly authority: Uint8Array | undefined;
  /** What the module shows of itself. */
  readonly certificate: Uint8Array | undefined;
  /** The private key of `certificate`. */
  readonly key: Uint8Array | undefined;
  /** What the private key is encrypted with; undefined if it is not. */
  readonly password: string | undefined;
  /** A certificate whose time is over, or is still to come, is accepted. */
  readonly ignoresTime: boolean;
  /** The only version that is spoken; undefined leaves the choice. */
  readonly version: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | undefined;
}

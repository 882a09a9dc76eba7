import type { ByteLink } from '@a7600/transport';

/** One opened link, and what is at its other end. */
export interface LinkUnderTest {
  /** The end that is checked. */
  readonly link: ByteLink;
  /** The other end. What is written here, `link` receives, and the other way round. */
  readonly far: ByteLink;
  /** Unsubscribes from the transport. */
  release(): void;
  /** What the transport has done apart from emitting the link. */
  readonly transport: { readonly completed: boolean; readonly error: Error | undefined };
}

/** How the suite gets at a kind of link. */
export interface Setting {
  /**
   * Opens a fresh link through its transport.
   *
   * @returns The link and what its other end does. Rejects where it cannot be opened.
   */
  open(): Promise<LinkUnderTest>;
  /**
   * Subscribes to a fresh transport, and unsubscribes before the link is there.
   *
   * @returns Resolves once it is unsubscribed.
   */
  abandon(): Promise<void>;
  /** Breaks the link that `open` gave, as a pulled cable does; left out where nothing can break. */
  readonly sever?: (opened: LinkUnderTest) => void;
  /** How the link says that the far end has closed: a serial port can only be lost. Default `remote`. */
  readonly farCloseIs?: 'remote' | 'lost';
  /** Bytes that fit in between before a far end that does not read holds the writer back. Default 8 MiB. */
  readonly capacity?: number;
  /** Handles, listeners and the like that are there now; has to be the same before and after. */
  readonly held?: () => number | Promise<number>;
  /** Gives back what `open` and `abandon` needed apart from the link. */
  readonly cleanUp?: () => void | Promise<void>;
}

/** A part of the contract, to be run by any test runner: `test(name, run)`. */
export interface ComplianceCase {
  /** The claim that it checks. */
  readonly name: string;
  /**
   * Checks it; rejects with an `Error` that says what was expected.
   *
   * @returns Resolves where the link does what the case claims.
   */
  run(): Promise<void>;
}

/** What a part of the suite is made of. */
export type Cases = Readonly<Record<string, (setting: Setting) => Promise<void>>>;

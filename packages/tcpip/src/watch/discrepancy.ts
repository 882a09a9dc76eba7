import type { LinkState } from '@a7600/at-codec';

/** A difference between what the SDK believed and what the module says, and what was done about it. */
export type Discrepancy =
  /** The module has a link open that nothing here opened. */
  | {
      readonly kind: 'unknown link';
      readonly link: LinkState;
      readonly action: 'given to its server' | 'closed' | 'left alone';
    }
  /** The module does not close a link that is not used any more; its number is left alone until it does. */
  | { readonly kind: 'link stuck'; readonly link: number; readonly action: 'left alone' }
  /** A link was open here, and is not on the module. */
  | { readonly kind: 'link gone'; readonly link: number; readonly action: 'ended' }
  /** A server does not listen any more, or another program has its index. */
  | { readonly kind: 'server gone'; readonly server: number; readonly action: 'started again' | 'left alone' }
  /** The module has a server that nothing here started. */
  | {
      readonly kind: 'unknown server';
      readonly server: number;
      readonly port: number;
      readonly action: 'stopped' | 'left alone';
    }
  /** The `check` of the network failed, although other data passes or has passed; `reason` says what was tried. */
  | { readonly kind: 'check failed'; readonly reason: string; readonly action: 'left alone' }
  /**
   * Another program ends what this one opens, as this one ends what it opens: both were opened as `exclusive`. What it
   * opens is left alone for `pause` ms, which grow with each time.
   */
  | { readonly kind: 'another program'; readonly action: 'left alone'; readonly pause: number }
  /** A setting is not what it was set to. */
  | { readonly kind: 'setting'; readonly name: string; readonly action: 'set again' | 'left alone' };

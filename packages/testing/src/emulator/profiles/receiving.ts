/** How received data is told and handed over (protocol 3.5, 3.8, 3.12, 9.4). */
export interface ReceivingOptions {
  /**
   * When `+CIPRXGET: 1,n` is printed: when data comes to an empty buffer (manual S300), or at each
   * arrival (the A76XX manuals promise no suppression).
   */
  readonly notifies: 'once' | 'each arrival';
  /** `AT+CIPRXGET=2` with nothing there: `+IP ERROR: No data`, or `+CIPRXGET: 2,n,0,0` (driver SAM). */
  readonly emptyRead: 'error' | 'empty';
  /** Line ends between the data of a read and `OK` (drivers A7670E-x: 1, A7683E and manuals: 2). */
  readonly readEnd: 1 | 2;
  /** Reads work in direct push mode too; SIM7600 refuses them there (manual S300). */
  readonly readsWhilePushing: boolean;
  /** The ranges of `AT+CIPRXGET=?`; mode 5 exists where they say so. */
  readonly readRanges: string;
  /** `AT+CIPRXGET=5` exists (manual A109, from firmware V1.07 on). */
  readonly notifiesAddress: boolean;
  /** First line of a push unit, with `{host}` and `{port}`; without a plus in logs. */
  readonly pushFrom: string;
  /** Second line, with `{length}`; without any separator in logs. */
  readonly pushLength: string;
  /** The line that stands for both with header type 1, with `{link}` and `{length}`. */
  readonly pushLink: string;
  /** `+CIPCCFG` has the eighth field, udpRecvmode (manual A109; not V1.05, nor S300). */
  readonly configuresDatagrams: boolean;
}

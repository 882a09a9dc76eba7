/** What one step has found, a line of the report. */
export interface Finding {
  /** What was looked at: `port`, `SIM`, `signal`. */
  readonly step: string;
  /**
   * - `good`: as it should be.
   * - `note`: worth knowing, and not what keeps the modem from working.
   * - `bad`: what the verdict is about.
   */
  readonly state: 'good' | 'note' | 'bad';
  /** What was found, in one line. */
  readonly text: string;
  /** The module's own words, or those of this computer. */
  readonly evidence: readonly string[];
}

/** Makes a {@link Finding}. */
export function found(
  state: Finding['state'],
  step: string,
  text: string,
  evidence: readonly string[] = [],
): Finding {
  return { step, state, text, evidence: evidence.filter((line) => line !== '' && line !== 'OK') };
}

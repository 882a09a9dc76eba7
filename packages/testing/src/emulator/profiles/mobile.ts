/** Messages, calls and positions, where firmwares differ. */
export interface MobileOptions {
  /** The memories for messages and how many fit (AT command manual, 9.2.2). */
  readonly messageMemories: Readonly<Record<string, number>>;
  /** The one that `AT+CPMS` names after delivery from the factory. */
  readonly preferredMemory: string;
  /** Index of the first message of a memory (A76XX manual V1.09: "start with one"; SIM7600 SMS note: 0). */
  readonly firstMessageIndex: number;
  /** What stands where a message's sender would have a name in the phonebook. */
  readonly emptyName: '' | '""';
}

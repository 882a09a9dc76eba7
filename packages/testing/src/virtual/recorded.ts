/** The conversation of a bundle: what each command was answered. */
export class Recorded {
  /** What the doctor concluded. */
  readonly verdict: { readonly code: string; readonly title: string };
  /** The peer that was connected to. */
  readonly target: { readonly host: string; readonly port: number };
  /** Whether the port was never opened. */
  readonly isEmpty: boolean;
  /** Whether nothing was ever received. */
  readonly isSilent: boolean;
  private readonly answers = new Map<string, string[][]>();

  constructor(text: string) {
    const [first = '', ...rest] = text.split('\n').filter((line) => line.trim() !== '');
    const { verdict, options } = headerOf(first);
    this.verdict = verdict;
    this.target = options.target;
    const entries = rest.map((line) => JSON.parse(line) as { readonly way: string; readonly text: string });
    this.isEmpty = entries.length === 0;
    this.isSilent = !entries.some(({ way }) => way === 'received');
    let lines: string[] = [];
    for (const { way, text: said } of entries) {
      if (way === 'sent') {
        lines = [];
        const command = said.trim().toUpperCase();
        this.answers.set(command, [...(this.answers.get(command) ?? []), lines]);
      } else lines.push(...said.split(/[\r\n]+/).filter((line) => line !== ''));
    }
  }

  /**
   * The lines after a command, until the next one was sent.
   *
   * @param command The command line.
   * @param which Of several: the first or the last one that was answered.
   * @returns the lines; none if it was not sent.
   */
  after(command: string, which: 'first' | 'last' = 'last'): readonly string[] {
    const all = (this.answers.get(command) ?? []).filter((lines) => lines.length > 0);
    return (which === 'first' ? all[0] : all.at(-1)) ?? [];
  }

  /**
   * What follows a name and a colon in the answer of the first command that has it.
   *
   * @param commands The command lines, in the order in which they are looked at.
   * @param name The name, for instance `+CSQ`.
   * @param which As for `after`.
   * @returns the rest of the line, without white space around it.
   */
  valueOf(commands: readonly string[], name: string, which: 'first' | 'last' = 'last'): string | undefined {
    for (const command of commands) {
      const line = this.after(command, which).find((text) => text.startsWith(`${name}:`));
      if (line !== undefined) return line.slice(name.length + 1).trim();
    }
    return undefined;
  }
}

interface Header {
  readonly verdict: Recorded['verdict'];
  readonly options: { readonly target: Recorded['target'] };
}

function headerOf(line: string): Header {
  try {
    const { doctor } = JSON.parse(line) as { readonly doctor?: Header };
    if (doctor !== undefined) return doctor;
  } catch {
    // The message below says what is wanted.
  }
  throw new Error('This is no bundle: `a7600 doctor --bundle FILE` writes one.');
}

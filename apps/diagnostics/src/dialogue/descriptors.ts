import * as codec from '@a7600/at-codec';

/** A command without arguments that the SDK can read. */
export interface Described {
  readonly command: codec.Command;
  readonly info: codec.CommandInfo;
  /** Whether it asks which values the command takes: `AT+CSQ=?`. */
  readonly isTest: boolean;
}

type AnyFamily = codec.Family<() => codec.Command, Readonly<Record<string, unknown>>>;

/** Every family of commands that the SDK describes, by the name of its command. */
export const families: ReadonlyMap<string, AnyFamily> = new Map(
  Object.values(codec)
    .filter((value): value is AnyFamily => typeof value === 'function' && 'info' in value)
    .map((each) => [each.info.name, each]),
);

/** The descriptor whose command line is `text`, which then has no arguments: `AT+CSQ`, `AT+CGDCONT?`. */
export function describedBy(text: string): Described | undefined {
  return byText.get(text.toUpperCase());
}

const byText: ReadonlyMap<string, Described> = new Map(
  [...families.values()].flatMap((family) =>
    [family, ...Object.values(family)].flatMap((form): [string, Described][] => {
      if (typeof form !== 'function') return [];
      try {
        const command = form() as codec.Command;
        const text = command.text.toUpperCase();
        return [[text, { command, info: family.info, isTest: text.endsWith('=?') }]];
      } catch {
        // It needs arguments.
        return [];
      }
    }),
  ),
);

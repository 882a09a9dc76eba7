import { AtError, command, intField, plainLine, readCommand } from '@a7600/at-codec';
import { EMPTY, forkJoin, mergeMap, type Observable, of, tap } from 'rxjs';
import type { Disposer } from '../base/disposer.js';
import type { Lane } from '../lane/lane.js';
import { runRepeatable } from '../lane/repeat.js';
import { type Setting, writeSetting } from '../lane/setting.js';
import type { Discrepancy } from '../watch/discrepancy.js';
import type { KeptSettings } from '../watch/kept-settings.js';
import { addOptional } from '../watch/optional-question.js';
import type { Watch } from '../watch/watch.js';
import type { LineCommand } from './command-line.js';

/** How the module prints short messages; undefined where nothing here has set it. */
interface Printing {
  /** `AT+CMGF=1`: as text, otherwise as a PDU, whose length is always stated. */
  readonly asText: boolean | undefined;
  /** `AT+CSDH=1`: the header of a text states its length. */
  readonly withLength: boolean | undefined;
  /** `AT+CNMI`: messages, broadcasts, are printed as they come. */
  readonly messages: boolean | undefined;
  readonly broadcasts: boolean | undefined;
}

const UNKNOWN: Printing = {
  asText: undefined,
  withLength: undefined,
  messages: undefined,
  broadcasts: undefined,
};

/** Which kinds the module prints as they come (`AT+CNMI`, 3GPP TS 27.005, 3.4.1). */
type Directly = Pick<Printing, 'messages' | 'broadcasts'>;

interface Keeping {
  readonly watch: Watch;
  readonly settings: KeptSettings;
  readonly lane: Lane;
  readonly exclusive: boolean;
  report(found: Discrepancy): void;
}

const isDirect = (mode: string | number) => /^[23]$/.test(`${mode}`);

const DIRECTLY: Setting<Directly> = {
  name: 'AT+CNMI',
  read: readCommand('+CNMI', (line) => ({
    messages: isDirect(intField(line, 1)),
    broadcasts: isDirect(intField(line, 2)),
  })),
  write: () => command(plainLine('AT+CNMI=2,1,0')),
  same: (one, other) => one.messages === other.messages && one.broadcasts === other.broadcasts,
};
const AS_TEXT = readCommand('+CMGF', (line) => intField(line, 0) === 1);
const WITH_LENGTH = readCommand('+CSDH', (line) => intField(line, 0) === 1);

/**
 * Sees to it that the module prints short messages only with their lengths. Any phone may send one, and a text whose end is
 * not known can imitate every line of the module (3GPP TS 27.005, 3.1).
 */
export class ShortMessages {
  private printing = UNKNOWN;

  /**
   * Notes what the commands of a line of the user set.
   *
   * @throws `AtError` with `INVALID_ARGUMENT` when the module would print messages without their lengths from then on,
   * or as the answer.
   */
  check(commands: readonly LineCommand[]): void {
    let printing = this.printing;
    for (const each of commands) {
      const before = printing;
      printing = changed(before, each);
      if (printing !== before && isUnsafe(printing)) throw refusal(DELIVERY);
      if (isUnsafeAnswer(printing, each)) throw refusal(READING);
    }
    this.printing = printing;
  }

  /**
   * Adds the question whether another program has had messages printed without their lengths. That is set right, unless
   * the modem is shared, and reported.
   */
  watch(session: Keeping): Disposer {
    const { watch, settings, lane, exclusive } = session;
    let wasLeft = false;
    const repair = (directly: Directly): Observable<unknown> => {
      if (!directly.messages && !directly.broadcasts) return EMPTY;
      return forkJoin([runRepeatable(lane, AS_TEXT), runRepeatable(lane, WITH_LENGTH)]).pipe(
        mergeMap(([asText, withLength]) => {
          if (!isUnsafe({ ...directly, asText, withLength })) return EMPTY;
          const stored = { messages: false, broadcasts: false };
          return exclusive ? writeSetting(lane, DIRECTLY, directly, stored) : of(directly);
        }),
        tap(({ messages, broadcasts }) => {
          const isLeft = messages === true || broadcasts === true;
          if (!(isLeft && wasLeft)) {
            session.report({
              kind: 'setting',
              name: DIRECTLY.name,
              action: isLeft ? 'left alone' : 'set again',
            });
          }
          wasLeft = isLeft;
        }),
      );
    };
    return addOptional({ watch, joint: settings.question, lane }, { command: DIRECTLY.read, found: repair });
  }
}

function changed(printing: Printing, { name, form, values }: LineCommand): Printing {
  if (name === '&F' || name === 'Z') return UNKNOWN;
  if (form !== 'set') return printing;
  const [first, second, third] = values;
  if (name === '+CMGF') return { ...printing, asText: first === '1' };
  if (name === '+CSDH') return { ...printing, withLength: first === '1' };
  if (name !== '+CNMI') return printing;
  return {
    ...printing,
    ...(second ? { messages: isDirect(second) } : {}),
    ...(third ? { broadcasts: isDirect(third) } : {}),
  };
}

function isUnsafe({ asText, withLength, messages, broadcasts }: Printing): boolean {
  if (asText === false) return false;
  return broadcasts === true || (messages === true && withLength !== true);
}

/** The list of texts states no alphabet, so that its lengths say nothing of the characters on the line. */
function isUnsafeAnswer({ asText, withLength }: Printing, { name, form, values }: LineCommand): boolean {
  if (form === 'read' || form === 'test') return false;
  if (name === '+CMGL') return asText === true || values[0]?.startsWith('"') === true;
  return name === '+CMGR' && asText === true && withLength !== true;
}

const DELIVERY =
  'Short messages that the module prints as they come need a stated length: put +CMGF=0 (PDU mode) ' +
  'or, for messages, +CSDH=1 before +CNMI on the same line. Or have them stored: AT+CNMI=2,1.';
const READING =
  'The text of a short message can imitate any line of the module, so its length has to be stated: read with ' +
  'AT+CSDH=1;+CMGR=…, or in PDU mode (AT+CMGF=0;+CMGL=4).';

function refusal(message: string): AtError {
  return new AtError('INVALID_ARGUMENT', message);
}

import { keepOnline, type RecoveryStep } from '@a7600/tcpip';
import { recorded, virtualModule } from '@a7600/testing';
import { EMPTY } from 'rxjs';
import { COLOURS, label, picture } from './svg.js';

const MINUTE = 60_000;
/** When the outage begins, and how long it takes. */
const BEGIN = 5 * MINUTE;
const LENGTH = 60 * MINUTE;
const END = 80 * MINUTE;
const LEVELS = ['link', 'bearer', 'radio', 'reset', 'power'] as const;

/** A step of the recovery, and when the module was online. */
interface Run {
  readonly steps: readonly { readonly at: number; readonly level: RecoveryStep['level'] }[];
  readonly online: readonly number[];
}

/** Runs `keepOnline` through an hour in which the network gives no bearer. */
function outage(): Run {
  const { control, elapse, scheduler, transport } = virtualModule({ seed: 1, timing: recorded });
  const steps: { at: number; level: RecoveryStep['level'] }[] = [];
  const online: number[] = [];
  const life = keepOnline(transport, {
    modem: { scheduler, random: () => 0.5 },
    power: () => {
      control.powerOff();
      control.powerOn();
      return EMPTY;
    },
    onStep: ({ level }) => steps.push({ at: scheduler.now(), level }),
  }).subscribe(() => online.push(scheduler.now()));
  elapse(BEGIN);
  control.surroundings.bearer = false;
  control.loseBearer(LENGTH);
  elapse(LENGTH);
  control.surroundings.bearer = true;
  elapse(END - BEGIN - LENGTH);
  life.unsubscribe();
  elapse(MINUTE);
  return { steps, online };
}

/** Draws the recovery levels over time, during an outage. */
export function recoveryPicture(): string {
  const { steps, online } = outage();
  const [left, top, width, row] = [70, 40, 610, 30];
  const x = (at: number) => Math.round((left + (at / END) * width) * 10) / 10;
  const y = (level: string) => top + (LEVELS.length - 1 - LEVELS.indexOf(level as 'link')) * row + row / 2;
  const bottom = top + LEVELS.length * row;
  const again = online.find((at) => at > BEGIN) ?? END;
  const bar = (from: number, to: number, colour: string) =>
    `<rect x="${x(from)}" y="${bottom + 8}" width="${(x(to) - x(from)).toFixed(1)}" height="10" fill="${colour}"/>`;
  return picture('Recovery levels during an outage of one hour', left + width + 40, bottom + 62, [
    label(
      left,
      22,
      'What keepOnline does while the network gives no bearer for an hour',
      'font-weight="600"',
    ),
    ...LEVELS.flatMap((level) => [
      label(left - 10, y(level) + 4, level, 'text-anchor="end"'),
      `<line x1="${left}" x2="${left + width}" y1="${y(level)}" y2="${y(level)}" stroke="${COLOURS.line}" stroke-opacity="0.25"/>`,
    ]),
    ...steps.map(
      ({ at, level }) => `<circle cx="${x(at)}" cy="${y(level)}" r="4" fill="${COLOURS.accent}"/>`,
    ),
    bar(online[0] ?? 0, BEGIN, COLOURS.good),
    bar(BEGIN, again, COLOURS.bad),
    bar(again, END, COLOURS.good),
    label(left - 10, bottom + 17, 'online', 'text-anchor="end"'),
    ...[0, 20, 40, 60, 80].map((minute) =>
      label(x(minute * MINUTE), bottom + 38, `${minute} min`, 'text-anchor="middle"'),
    ),
    label(
      left,
      bottom + 56,
      `${steps.length} attempts; online again ${Math.round((again - BEGIN - LENGTH) / 1000)} s after the network is back.`,
      'font-size="12"',
    ),
  ]);
}

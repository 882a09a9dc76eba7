import {
  isTransportError,
  REDACTED,
  type SerialLink,
  type Transport,
  TransportError,
  type TransportErrorCode,
} from '@a7600/transport';
import { type RecordingHeader, record, replay } from '@a7600/transport/recording';
import {
  catchError,
  defer,
  EMPTY,
  ignoreElements,
  map,
  merge,
  mergeMap,
  NEVER,
  type Observable,
  tap,
  throwError,
  timer,
  VirtualTimeScheduler,
} from 'rxjs';
import { UsageError } from '../exit-code.js';
import { type Diagnosis, diagnose } from './diagnose.js';
import type { DoctorOptions, Facts } from './examination.js';
import { publicHost } from './public-host.js';
import type { Verdict } from './verdicts.js';

/**
 * What the first line of a bundle has beside a recording's: everything that an examination of the recording needs to
 * reach the same verdict. Secrets are replaced by as many other characters.
 */
interface BundleHeader extends RecordingHeader {
  readonly doctor: {
    readonly verdict: Pick<Verdict, 'code' | 'title'>;
    readonly options: Omit<DoctorOptions, 'scheduler' | 'known'>;
    readonly facts: Facts;
    /** How many lines follow: fewer are a file that was cut off. */
    readonly entries: number;
    /** Whether the port had a rate to set. */
    readonly serial: boolean;
    /** The error that ended the link, if the examination did not end it. */
    readonly end: { readonly at: number; readonly code: string; readonly message: string } | undefined;
  };
}

/** In place of the code of a transport's error: the program itself failed. */
const FAULT = 'PROGRAM_FAULT';
const HUNG_UP = 'The other side closed the link to the module.';

/** An examination that is written down. */
export interface Bundled {
  readonly diagnosis$: Observable<Diagnosis>;
  /** The bundle, once there is a verdict. */
  text(): string;
}

/** Examines as {@link diagnose} does, and keeps a redacted recording of it. */
export function bundled(transport: Transport, options: DoctorOptions): Bundled {
  const { scheduler } = options;
  const facts: Facts = {};
  const lines: string[] = [];
  let began = scheduler.now();
  let serial = false;
  let end: BundleHeader['doctor']['end'];
  let verdict: Verdict | undefined;
  const ended = (error: unknown) => {
    const code = isTransportError(error) ? error.code : error === undefined ? 'TRANSPORT_LOST' : FAULT;
    const message = error instanceof Error ? error.message : HUNG_UP;
    end ??= { at: scheduler.now() - began, code, message };
  };
  const watched$ = defer(() => {
    began = scheduler.now();
    return transport.pipe(
      map((link) => {
        serial = 'setBaudRate' in link;
        link.ended$.subscribe((how) => {
          if (how.by !== 'local') ended(how.by === 'lost' ? how.error : undefined);
        });
        return record(link, (line) => lines.push(line), { scheduler });
      }),
      catchError((error: unknown) => {
        ended(error);
        return throwError(() => error);
      }),
    );
  });
  return {
    diagnosis$: diagnose(watched$, options, facts).pipe(
      tap((diagnosis) => {
        if ('verdict' in diagnosis) verdict = diagnosis.verdict;
      }),
    ),
    text() {
      if (verdict === undefined) throw new Error('There is no verdict yet.');
      const { code, title } = verdict;
      const header: BundleHeader = {
        format: 'a7600-recording',
        version: 1,
        redacted: true,
        doctor: {
          verdict: { code, title },
          options: publicOptions(options),
          facts,
          entries: Math.max(0, lines.length - 1),
          serial,
          end,
        },
      };
      return [`${JSON.stringify(header)}\n`, ...lines.slice(1)].join('');
    },
  };
}

/** The options without what is not for everybody, of the same length: what was sent has that length. */
function publicOptions(options: DoctorOptions): BundleHeader['doctor']['options'] {
  const { scheduler: _, known: __, host, target, apn, login, pin, ...others } = options;
  return {
    ...others,
    connection: options.connection.replace(/(--(?:tcp|rfc2217)) \S+/, '$1 HOST:PORT'),
    host: { ...host, holders: host.holders },
    apn: apn?.replaceAll(/./g, 'x'),
    login: login && {
      user: login.user.replaceAll(/./g, 'x'),
      password: login.password.replaceAll(/./g, 'x'),
    },
    pin: pin?.replaceAll(/./g, '0'),
    target: { ...target, host: publicHost(target.host) },
  };
}

/** What the examination of a bundle said, and what it says of its recording now. */
export interface Reexamined {
  readonly recorded: Pick<Verdict, 'code' | 'title'>;
  readonly diagnoses: readonly Diagnosis[];
}

/** Whether the text of a recording is a bundle of `doctor`. */
export function isBundle(text: string): boolean {
  return headerOf(text) !== undefined;
}

function headerOf(text: string): BundleHeader | undefined {
  try {
    const header: unknown = JSON.parse(text.slice(0, text.indexOf('\n')));
    return typeof header === 'object' && header !== null && 'doctor' in header
      ? (header as BundleHeader)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Bytes that may be sent after the end of a recording. */
const REST = 65_536;

/** Time in ms that an examination waits for an answer that a file does not have because it was cut off. */
const END_TIMEOUT = 1_000;

/** Virtual minutes after which the examination of a bundle has ended long ago. */
const LIMIT = 20;

/** Examines the module of a bundle again, in virtual time, so that it takes no longer than reading the file. */
export function reexamine(text: string): Reexamined {
  const header = headerOf(text);
  if (header === undefined) throw new UsageError('The file is no bundle of `a7600 doctor --bundle`.');
  const { verdict, options, facts } = header.doctor;
  const scheduler = new VirtualTimeScheduler(undefined, 0);
  const diagnoses: Diagnosis[] = [];
  const work = diagnose(recordedModule(text, header, scheduler), {
    ...options,
    scheduler,
    known: facts,
  }).subscribe((diagnosis) => diagnoses.push(diagnosis));
  for (let minutes = 1; !work.closed && minutes <= LIMIT; minutes++) {
    scheduler.maxFrames = minutes * 60_000;
    scheduler.flush();
  }
  work.unsubscribe();
  return { recorded: verdict, diagnoses };
}

/** The recorded side of a bundle, in its own time. */
function recordedModule(text: string, { doctor }: BundleHeader, scheduler: VirtualTimeScheduler): Transport {
  const { end, serial, entries } = doctor;
  if (text.trimEnd().split('\n').length - 1 < entries)
    return replay(text, { scheduler, speed: 1, endTimeout: END_TIMEOUT });
  const end$ =
    end === undefined ? NEVER : timer(end.at, scheduler).pipe(mergeMap(() => throwError(() => errorOf(end))));
  // What the examination sent after the link had ended is not in the recording.
  const rest = JSON.stringify({ at: end?.at ?? 0, way: 'sent', text: REDACTED.repeat(REST) });
  const played$ = replay(`${text}${rest}\n`, { scheduler, speed: 1 }).pipe(
    map((link) => (serial ? withRates(link as SerialLink) : link)),
  );
  // A port that was never opened has no recording.
  if (!/\n./.test(text)) return end$.pipe(ignoreElements());
  return merge(played$, end$.pipe(ignoreElements()));
}

function errorOf({ code, message }: NonNullable<BundleHeader['doctor']['end']>): Error {
  return code === FAULT ? new Error(message) : new TransportError(code as TransportErrorCode, message);
}

function withRates(link: SerialLink): SerialLink {
  return Object.assign(Object.create(link), { baudRate: 0, setBaudRate: () => EMPTY });
}

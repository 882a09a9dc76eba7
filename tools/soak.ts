// Runs one program for a week of virtual time while the emulated module fails in silence, and prints how long each
// kind of fault took to be noticed and to be mended.
//
//   npm run soak [-- --check] [--faults 1000] [--days 7] [--seed 1]
//
// The program is the README's echo server under keepOnline, with a check that connects to a host when nothing was received
// for a minute: it has no other traffic by which a bearer that carries nothing could be noticed. A fault is noticed when the program takes a step, ends
// a socket, or finds a difference; it is mended when the module listens again and an echo comes back. With --check
// the process exits with 1 if a fault is not mended within an hour.
import { keepOnline } from '@a7600/tcpip';
import { type Connection, type Emulator, emulator, memoryNetwork } from '@a7600/testing';
import { pump } from '@a7600/transport';
import { catchError, EMPTY, mergeMap, switchMap, tap, VirtualTimeScheduler } from 'rxjs';
import { misused, readOptions } from './options.js';

const USAGE = 'npm run soak -- [--check] [--faults N] [--days N] [--seed N]';
const DAY = 86_400_000;
/** Time in ms after which a fault counts as not mended. */
const LIMIT = 3_600_000;
/** Time in ms of quiet after which a fault that changed nothing counts as one without effect. */
const QUIET = 130_000;
/** Time in ms for an echo to come back. */
const ECHO_TIME = 20_000;

const { check, faults, days, seed } = settings();
const random = generator(seed);
const between = (from: number, to: number) => Math.floor(from + random() * (to - from));

const scheduler = new VirtualTimeScheduler(undefined, 0);
const network = memoryNetwork({ scheduler });
const HOST = { host: '10.3.0.1', port: 80 };
network.serve(HOST.host, HOST.port).subscribe({ error: () => {} });
const module = emulator({ scheduler, network, faults: { seed } });
const { control } = module;
let signs = 0;
const life = keepOnline(module, {
  modem: { scheduler },
  check: { connect: HOST, every: 60_000 },
  power: () => {
    control.powerOff();
    control.powerOn();
    return [];
  },
  onStep: () => {
    signs += 1;
  },
})
  .pipe(
    tap(({ modem }) =>
      modem.discrepancies$.subscribe({
        next: () => {
          signs += 1;
        },
        error: () => {},
      }),
    ),
    switchMap((network) => network.listen({ port: 7 })),
    mergeMap((client) => pump(client, client).pipe(catchError(() => EMPTY))),
  )
  .subscribe({
    error: (error: Error) => {
      console.error(`The program ended: ${error.message}`);
      process.exit(1);
    },
  });

/** A fault, and how long its cause lasts, in ms: nothing can be mended before. */
interface Fault {
  /** Causes it, and returns for how long it lasts. */
  readonly strike: (control: Emulator['control']) => number | undefined;
  /** It is mended only when the program has noticed it, although the server answers all the time. */
  readonly hidden?: boolean;
}

/** What happens without a line that says so. */
const KINDS: Readonly<Record<string, Fault>> = {
  'the module dies': { strike: ({ powerOff }) => void powerOff() },
  'the module restarts': { strike: ({ restart }) => void restart({ silently: true }) },
  'the module restarts again and again': {
    strike: ({ restartRepeatedly }) => {
      const time = between(10_000, 300_000);
      scheduler.schedule(restartRepeatedly(), time);
      return time;
    },
  },
  'the network is lost': { strike: ({ loseNetwork }) => void loseNetwork() },
  'the bearer is lost, its line too': {
    strike: ({ faults: next, loseBearer }) => {
      const time = between(0, 60_000);
      next.next('lostLine', { line: /^\+CIPEVENT/ });
      loseBearer(time);
      return time;
    },
  },
  'nothing passes for a while': {
    strike: ({ stallBearer }) => {
      // A check, its repetition and their answers take two minutes; what is over before that needs no remedy.
      const time = between(180_000, 600_000);
      stallBearer(time);
      return time;
    },
    hidden: true,
  },
  'another program stops the server': {
    strike: ({ otherProgram }) => {
      for (let server = 0; server < 4; server++) otherProgram(`AT+SERVERSTOP=${server}`);
      return undefined;
    },
  },
  'another program closes the network': { strike: ({ otherProgram }) => void otherProgram('AT+NETCLOSE') },
  'another program changes a setting': {
    strike: ({ otherProgram }) =>
      void otherProgram(random() < 0.5 ? 'AT+CIPCCFG=10,0,0,0,0,0,500' : 'AT+CSCLK=1'),
    hidden: true,
  },
  'the port comes back under another name': {
    strike: ({ losePort, plug }) => {
      const time = between(1_000, 120_000);
      losePort();
      scheduler.schedule(() => plug(), time);
      return time;
    },
  },
  'a line is lost': { strike: ({ faults: next }) => void next.next('lostLine') },
  'a line is damaged': { strike: ({ faults: next }) => void next.next('damagedLine') },
};

interface Outcome {
  readonly kind: string;
  readonly noticed: number | undefined;
  readonly mended: number | undefined;
}

const outcomes: Outcome[] = [];
const started = Date.now();
advance(30_000);
const pause = (days * DAY) / faults;
for (let fault = 0; fault < faults; fault++) {
  const next = scheduler.frame + between(pause / 2, (3 * pause) / 2);
  const names = Object.keys(KINDS);
  outcomes.push(strike(names[fault % names.length] as string));
  advance(Math.max(1_000, next - scheduler.frame));
}
report();
life.unsubscribe();

/** Lets one fault happen, and waits until the program has mended it. */
function strike(kind: string): Outcome {
  const { strike: begin, hidden = false } = KINDS[kind] as Fault;
  const at = scheduler.frame;
  const before = signs;
  const lasts = begin(control) ?? 0;
  let noticed: number | undefined;
  let listeningSince: number | undefined;
  while (scheduler.frame - at < LIMIT) {
    advance(1_000);
    const time = scheduler.frame - at;
    if (noticed === undefined && signs > before) noticed = time;
    listeningSince = isListening() && time >= lasts ? (listeningSince ?? time) : undefined;
    // The module is looked at from outside: a call would make the program notice.
    const looked = noticed !== undefined || (!hidden && time > QUIET + lasts);
    if (listeningSince !== undefined && looked && echoes())
      return { kind, noticed, mended: noticed === undefined ? 0 : Math.max(listeningSince, noticed) };
  }
  return { kind, noticed, mended: undefined };
}

function isListening(): boolean {
  return control.networkOpen && control.openServers > 0 && control.path !== undefined;
}

/** Whether a caller gets back what it sends. */
function echoes(): boolean {
  const question = 'are you there';
  let received = 0;
  let client: Connection | undefined;
  control.callIn(7).subscribe({
    next: (connection) => {
      client = connection;
      connection.received$.subscribe({ next: (bytes) => (received += bytes.length), error: () => {} });
      connection.write(question).subscribe({ error: () => {} });
    },
    error: () => {},
  });
  for (let waited = 0; waited < ECHO_TIME && received < question.length; waited += 100) advance(100);
  client?.close().subscribe({ error: () => {} });
  return received === question.length;
}

function advance(time: number): void {
  scheduler.maxFrames = scheduler.frame + time;
  scheduler.flush();
  scheduler.frame = scheduler.maxFrames;
}

function report(): void {
  const rows = Object.keys(KINDS).map((kind) => {
    const mine = outcomes.filter((outcome) => outcome.kind === kind);
    const noticed = mine.flatMap((outcome) => outcome.noticed ?? []);
    const mended = mine.flatMap((outcome) => outcome.mended ?? []);
    return {
      fault: kind,
      times: mine.length,
      'noticed s, median': seconds(median(noticed)),
      'noticed s, worst': seconds(Math.max(...noticed)),
      'without effect': mine.filter(
        (outcome) => outcome.noticed === undefined && outcome.mended !== undefined,
      ).length,
      'mended s, median': seconds(median(mended)),
      'mended s, worst': seconds(Math.max(...mended)),
      'not mended': mine.length - mended.length,
    };
  });
  console.table(rows);
  const failed = outcomes.filter(({ mended }) => mended === undefined).length;
  const time = Math.round((Date.now() - started) / 1_000);
  console.log(
    `${outcomes.length} faults in ${(scheduler.frame / DAY).toFixed(1)} days of virtual time, seed ${seed}, ${time} s.`,
  );
  if (failed > 0) console.error(`${failed} faults were not mended within an hour.`);
  if (failed > 0 && check) process.exitCode = 1;
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function seconds(time: number): string {
  return Number.isFinite(time) ? (time / 1_000).toFixed(0) : '-';
}

function settings() {
  const values = readOptions(USAGE, {
    check: { type: 'boolean', default: false },
    faults: { type: 'string', default: '1000' },
    days: { type: 'string', default: '7' },
    seed: { type: 'string', default: '1' },
  });
  const [faults, days, seed] = [values.faults, values.days, values.seed].map(Number);
  if (!(faults && faults > 0 && days && days > 0 && seed !== undefined && Number.isInteger(seed)))
    return misused(USAGE, 'Give positive numbers.');
  return { check: values.check, faults, days, seed };
}

/** A small generator of random numbers from 0 to below 1 (mulberry32). */
function generator(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

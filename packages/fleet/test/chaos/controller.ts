// A controller of the chaos run: `controller.ts URL NUMBER ECHO-PORT AGENTS MODEMS BUDGET`. Asks, holds leases and carries
// streams without a pause, and prints what it saw, a line of JSON for each. Its consumer is what it is told to be.
import { randomBytes } from 'node:crypto';
import type { TcpSocket } from '@a7600/tcpip';
import { asyncScheduler, Subscription, throttleTime } from 'rxjs';
import { type Fleet, fleet, isFleetError, type LeasedModem } from '../../src/index.js';
import { connected } from '../processes/connected.js';
import { measured, say } from '../processes/saying.js';
import { stuckAfter } from './stuck.js';

/** Time for a marked command: its deadline is as far ahead. */
const TIMEOUT = 1_000;
const TURN = 1_000;
/** So much that most outages meet a stream that carries bytes. */
const SIZE = 1_000_000;
/** Time in ms of its own running within which a command ends, and within which a stream moves or ends. */
const COMMAND_ENDS = 10_000;
const STREAM_MOVES = 45_000;
const [url = '', number = '0', echoPort = '0', agents = '1', modems = '1', budget = '0'] =
  process.argv.slice(2);
const now = () => performance.timeOrigin + performance.now();
const connection = await connected(url);
let count = 0;
/** Distinguishes the processes that follow one another. */
const life = Math.floor(performance.timeOrigin) % 1_000_000;
const ids = Array.from({ length: Number(agents) }, (_, agent) =>
  Array.from({ length: Number(modems) }, (_, modem) => `ROOF-${agent}/m${modem}`),
).flat();
const pick = () => ids[Math.floor(Math.random() * ids.length)] ?? '';
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? error.code : String(error));

let consumer: 'fast' | 'slow' | 'stopped' = 'fast';
const sockets = new Set<TcpSocket>();
process.on('message', (message: { readonly consumer: typeof consumer }) => {
  ({ consumer } = message);
  for (const socket of sockets) {
    if (consumer === 'stopped') socket.pause();
    else socket.resume();
  }
});

/** The end of an observable, as a value. */
function ended(run: (done: (code: unknown) => void) => Subscription): Promise<unknown> {
  return new Promise((resolve) => run(resolve));
}

/** A name with its own deadline, on the clock of this machine. */
function mark(kind: string): string {
  count += 1;
  return `AT+MARK${kind}C${number}L${life}N${count}D${Math.ceil(now() + TIMEOUT + TURN)}`;
}

/** Sends a marked command and says how it ended. */
async function command(modem: Pick<LeasedModem, 'raw'>, text: string): Promise<void> {
  const watch = stuckAfter(COMMAND_ENDS, `${text} has no end`);
  const code = await ended((done) =>
    modem.raw(text, TIMEOUT).subscribe({ error: (error) => done(codeOf(error)), complete: () => done('ok') }),
  );
  watch.end();
  say({ asked: text, code });
}

async function ask({ modem }: Fleet): Promise<never> {
  for (;;) {
    await command(modem(pick()), `${mark('Q')}?`);
    await pause(50);
  }
}

async function lease({ modem }: Fleet): Promise<never> {
  for (;;) {
    const work = async (leased: LeasedModem, isOver: () => boolean) => {
      while (!isOver()) {
        await command(leased, `${mark('X')}=${leased.epoch}`);
        await pause(100);
      }
    };
    let isOver = false;
    await ended((done) => {
      const subscription = modem(pick())
        .lease({ ttl: 2_000, holder: `controller ${number}` })
        .subscribe({ next: (leased) => void work(leased, () => isOver), error: done });
      setTimeout(() => {
        subscription.unsubscribe();
        done('released');
      }, 3_000);
      return subscription;
    });
    // The work goes on for a moment after the end of the lease: it has to be refused.
    await pause(200);
    isOver = true;
  }
}

async function carry({ modem }: Fleet): Promise<never> {
  for (;;) {
    const payload = randomBytes(SIZE);
    let received = 0;
    let isRight = true;
    let isOpened = false;
    let ends = 0;
    let by = '';
    const open = new Subscription();
    const id = pick();
    const watch = stuckAfter(STREAM_MOVES, `a stream over ${id} neither moves nor ends`);
    const code = await ended((done) => {
      const take = (socket: TcpSocket) => {
        isOpened = true;
        watch.moved();
        sockets.add(socket);
        open.add(() => sockets.delete(socket));
        if (consumer === 'stopped') socket.pause();
        socket.write(payload).subscribe({ error: () => {} });
        socket.ended$.subscribe((end) => {
          ends += 1;
          ({ by } = end);
        });
        socket.received$.subscribe({
          next: (chunk) => {
            watch.moved();
            isRight &&= payload.subarray(received, received + chunk.length).equals(chunk);
            received += chunk.length;
            if (consumer === 'slow') {
              socket.pause();
              setTimeout(() => consumer !== 'stopped' && socket.resume(), 50);
            }
            if (received === SIZE) socket.close().subscribe({ error: () => {} });
          },
          error: (error) => done(codeOf(error)),
          complete: () => done('ended'),
        });
      };
      open.add(
        modem(id)
          .connect({ host: '127.0.0.1', port: Number(echoPort) })
          .subscribe({ next: take, error: (error) => done(codeOf(error)), complete: () => done('ended') }),
      );
      return open;
    });
    watch.end();
    await pause(20);
    open.unsubscribe();
    say({ stream: SIZE, received, isRight, isOpened, ends, by, code });
    await pause(100);
  }
}

fleet(connection, { turnTimeout: TURN, streams: { budget: Number(budget) } }).subscribe({
  next: (opened) => {
    opened.modems$
      .pipe(throttleTime(200, asyncScheduler, { leading: true, trailing: true }))
      .subscribe((all) => {
        say({
          presences: Object.fromEntries(all.map(({ id, presence, state }) => [id, `${presence} ${state}`])),
        });
      });
    void ask(opened);
    void lease(opened);
    void carry(opened);
    void carry(opened);
  },
  error: (error) => {
    say({ failed: isFleetError(error) ? error.message : String(error) });
    process.exit(1);
  },
});
measured();

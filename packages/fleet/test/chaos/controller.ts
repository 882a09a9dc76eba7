// A controller of the chaos run: `controller.ts URL NUMBER ECHO-PORT`. Asks, holds leases and carries streams without a
// pause, and prints what it saw, a line of JSON for each.
import { asyncScheduler, Subscription, throttleTime } from 'rxjs';
import { type Fleet, fleet, isFleetError, type LeasedModem } from '../../src/index.js';
import { connected } from '../processes/connected.js';

/** Time for a marked command: its deadline is as far ahead. */
const TIMEOUT = 1_000;
const TURN = 1_000;
const SIZE = 150_000;
const [url = '', number = '0', echoPort = '0'] = process.argv.slice(2);
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
const now = () => performance.timeOrigin + performance.now();
const connection = await connected(url);
let count = 0;
/** Distinguishes the processes that follow one another. */
const life = Math.floor(performance.timeOrigin) % 1_000_000;
const modems = ['ROOF-0/m0', 'ROOF-0/m1', 'ROOF-1/m0', 'ROOF-1/m1'];
const pick = () => modems[count % modems.length] ?? '';
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? error.code : String(error));

/** The end of an observable, as a value. */
function ended(run: (done: (code: unknown) => void) => Subscription): Promise<unknown> {
  return new Promise((resolve) => run(resolve));
}

/** A name with its own deadline, on the clock of this machine. */
function mark(kind: string): string {
  count += 1;
  return `AT+MARK${kind}C${number}L${life}N${count}D${Math.ceil(now() + TIMEOUT + TURN)}`;
}

async function ask({ modem }: Fleet): Promise<never> {
  for (;;) {
    const text = `${mark('Q')}?`;
    const code = await ended((done) =>
      modem(pick())
        .raw(text, TIMEOUT)
        .subscribe({ error: (error) => done(codeOf(error)), complete: () => done('ok') }),
    );
    say({ asked: text, code });
    await pause(50);
  }
}

async function lease({ modem }: Fleet): Promise<never> {
  for (;;) {
    const wanted = pick();
    const work = async (leased: LeasedModem, isOver: () => boolean) => {
      while (!isOver()) {
        const text = `${mark('X')}=${leased.epoch}`;
        const code = await ended((done) =>
          leased
            .raw(text, TIMEOUT)
            .subscribe({ error: (error) => done(codeOf(error)), complete: () => done('ok') }),
        );
        say({ exclusive: text, code });
        await pause(100);
      }
    };
    let isOver = false;
    const code = await ended((done) => {
      const subscription = modem(wanted)
        .lease({ ttl: 2_000, holder: `controller ${number}` })
        .subscribe({
          next: (leased) => void work(leased, () => isOver),
          error: (error) => done(codeOf(error)),
        });
      setTimeout(() => {
        subscription.unsubscribe();
        done('released');
      }, 3_000);
      return subscription;
    });
    isOver = true;
    say({ lease: wanted, code });
    await pause(200);
  }
}

/** The byte at a place of each stream. */
const byteAt = (at: number) => (at * 131 + (at >> 8)) & 0xff;

async function carry({ modem }: Fleet): Promise<never> {
  const payload = Uint8Array.from({ length: SIZE }, (_, at) => byteAt(at));
  for (;;) {
    let received = 0;
    let isRight = true;
    let ends = 0;
    const open = new Subscription();
    const code = await ended((done) => {
      open.add(
        modem(pick())
          .connect({ host: '127.0.0.1', port: Number(echoPort) })
          .subscribe({
            next: (socket) => {
              socket.write(payload).subscribe({ error: () => {} });
              socket.ended$.subscribe(() => {
                ends += 1;
              });
              socket.received$.subscribe({
                next: (chunk) => {
                  for (const [index, byte] of chunk.entries()) isRight &&= byte === byteAt(received + index);
                  received += chunk.length;
                  // A consumer that is slow, and one that stops for a while.
                  if (received % 11 === 0) {
                    socket.pause();
                    setTimeout(() => socket.resume(), received % 121 === 0 ? 2_000 : 50);
                  }
                  if (received === SIZE) socket.close().subscribe({ error: () => {} });
                },
                error: (error) => done(codeOf(error)),
                complete: () => done('ended'),
              });
            },
            error: (error) => done(codeOf(error)),
            complete: () => done('ended'),
          }),
      );
      return open;
    });
    await pause(20);
    open.unsubscribe();
    say({ stream: SIZE, received, isRight, ends, code });
    await pause(100);
  }
}

fleet(connection, { turnTimeout: TURN }).subscribe({
  next: (opened) => {
    say({ started: number });
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
setInterval(() => say({ heap: process.memoryUsage().heapUsed }), 1_000);

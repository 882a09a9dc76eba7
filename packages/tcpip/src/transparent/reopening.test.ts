import { csq } from '@a7600/at-codec';
import { recorded } from '@a7600/testing';
import { Observable, retry, switchMap, timer } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { observe, openNetwork, readyModem, textOf, type World, world, write } from '../../test/world.js';
import type { TransparentSession } from './transparent-session.js';

const PEER = { host: '10.3.0.1', port: 80 };

/** A server that sends back what it gets, and hangs up when it gets an exclamation mark. */
function echo(w: World): void {
  w.outside.serve(PEER.host, PEER.port).subscribe((end) => {
    end.received$.subscribe({
      next: (bytes) => {
        if (textOf([bytes]).includes('!')) observe(end.close());
        else observe(end.write(bytes));
      },
      error: () => {},
    });
  });
}

/** What comes back of a word. */
function talk(w: World, session: TransparentSession): string {
  const received = observe(session.received$);
  write(session, 'hello');
  w.advance(2_000);
  received.unsubscribe();
  return textOf(received.values);
}

describe('a transparent session that is opened again at once', () => {
  test('when the peer hangs up, by repeating without a pause', () => {
    const w = world();
    const network = openNetwork(w, { transparent: true });
    echo(w);
    const sessions: TransparentSession[] = [];
    const again$: Observable<TransparentSession> = new Observable((subscriber) => {
      const open = () => {
        network.last.transparent(PEER).subscribe({
          next: (session) => subscriber.next(session),
          error: (error) => subscriber.error(error),
          complete: open,
        });
      };
      open();
    });
    again$.subscribe((session) => sessions.push(session));
    w.advance(2_000);
    for (let turn = 0; turn < 3; turn++) {
      const session = sessions.at(-1) as TransparentSession;
      expect(talk(w, session)).toBe('hello');
      observe(session.received$);
      write(session, '!');
      w.advance(20_000);
      expect(sessions).toHaveLength(turn + 2);
    }
  });

  test('when it is unsubscribed and subscribed in the same turn', () => {
    const w = world();
    const network = openNetwork(w, { transparent: true });
    echo(w);
    let opened = observe(network.last.transparent(PEER));
    w.advance(2_000);
    for (let turn = 0; turn < 3; turn++) {
      opened.unsubscribe();
      opened = observe(network.last.transparent(PEER));
      w.advance(20_000);
      expect(talk(w, opened.last)).toBe('hello');
    }
    expect(w.module.control.openLinks).toBe(1);
  });

  test.each(['instant', 'recorded'] as const)('as a server, in the same turn (%s)', (timing) => {
    const w = world(timing === 'recorded' ? { timing: recorded } : {});
    const network = openNetwork(w, { transparent: true });
    w.advance(5_000);
    let opened = observe(network.last.transparent({ listen: 7 }));
    for (const pause of [0, 0, 5_000, 0]) {
      w.advance(pause);
      opened.unsubscribe();
      opened = observe(network.last.transparent({ listen: 7 }));
    }
    w.advance(20_000);
    const client = observe(w.outside.callIn(7)).last;
    w.advance(2_000);
    observe(opened.last.received$);
    write(opened.last, 'hello');
    const heard = observe(client.received$);
    w.advance(2_000);
    expect([textOf(heard.values), opened.end, w.module.control.openServers]).toEqual(['hello', 'open', 1]);
  });

  test('when it is refused, by retrying without a pause', () => {
    const w = world({ timing: recorded });
    const network = openNetwork(w, { transparent: true });
    timer(1_000, w.scheduler).subscribe(() => echo(w));
    const opened = observe(
      network.last.transparent(PEER).pipe(retry({ delay: () => timer(0, w.scheduler) })),
    );
    w.advance(60_000);
    expect(talk(w, opened.last)).toBe('hello');
  });

  test('in the next of two networks in a row', () => {
    const w = world();
    const modem = readyModem(w);
    echo(w);
    const session$ = modem.last
      .network({ transparent: true })
      .pipe(switchMap((network) => network.transparent(PEER)));
    const first = observe(session$);
    w.advance(5_000);
    expect(talk(w, first.last)).toBe('hello');
    first.unsubscribe();
    const second = observe(session$);
    w.advance(30_000);
    expect(talk(w, second.last)).toBe('hello');
  });
});

test('a probe that is under way when a client connects sends nothing to it', () => {
  const w = world();
  const network = openNetwork(w, { transparent: true });
  const clients = observe(network.last.transparent({ listen: 7 }));
  w.advance(1_000);
  w.module.control.faults.next('lostAnswer');
  observe(network.modem.last.run({ ...csq(), timeout: 100 }));
  w.advance(150);
  const heard = observe(observe(w.outside.callIn(7)).last.received$);
  w.advance(30_000);
  expect([clients.values.length, textOf(heard.values)]).toEqual([1, '']);
});

import {
  type AtEvent,
  a7600,
  createDecoder,
  type Line,
  linkClosed,
  networkLost,
  signalChanged,
  type Urc,
} from '@a7600/at-codec';
import { beforeEach, describe, expect, test } from 'vitest';
import { bytesOf } from '../../test/world.js';
import { Router } from './router.js';

let router: Router;
let unhandled: string[];
beforeEach(() => {
  router = new Router();
  unhandled = [];
  router.unhandled$.subscribe((event) => unhandled.push('text' in event ? event.text : event.kind));
});

/** Routes everything that the module prints. */
function route(text: string): void {
  createDecoder(a7600, (event) => router.route(event)).push(bytesOf(text));
}

describe('a URC', () => {
  test('goes to each of its handlers, and is handled then', () => {
    const links: number[] = [];
    router.on(linkClosed, ({ link }) => links.push(link));
    router.on(linkClosed, ({ link }) => links.push(link + 10));
    router.on(networkLost, () => links.push(-1));
    route('\r\n+IPCLOSE: 3,1\r\n');
    expect([links, unhandled]).toEqual([[3, 13], []]);
  });

  test('without a handler is unhandled', () => {
    route('\r\n+IPCLOSE: 3,1\r\n\r\nhello\r\n\r\n+CREG: 1\r\n');
    expect(unhandled).toEqual(['+IPCLOSE: 3,1', 'hello', '+CREG: 1']);
  });

  test('and a result or noise without a command are unhandled', () => {
    route('\r\nOK\r\n');
    router.route({ kind: 'noise', raw: bytesOf('x') } as AtEvent);
    expect(unhandled).toEqual(['OK', 'noise']);
  });

  test('that cannot be read is unhandled, although it has a handler', () => {
    const links: number[] = [];
    router.on(linkClosed, ({ link }) => links.push(link));
    route('\r\n+IPCLOSE: x\r\n');
    expect([links, unhandled]).toEqual([[], ['+IPCLOSE: x']]);
  });

  test('whose reader makes nothing of it is unhandled', () => {
    const heard: unknown[] = [];
    router.on({ ...signalChanged, read: () => undefined }, (value) => heard.push(value));
    route('\r\n+CSQ: 20,0\r\n');
    expect([heard, unhandled]).toEqual([[], ['+CSQ: 20,0']]);
  });

  test('that the dialect does not know is found by its name', () => {
    const heard: string[] = [];
    const own = { text: '+XYZ', match: 'name', section: 'none', read: (line: Line) => line.text } as const;
    router.on(own as Urc<string>, (text) => heard.push(text));
    route('\r\n+XYZ: 1\r\n\r\n+XYZW: 1\r\n');
    expect([heard, unhandled]).toEqual([['+XYZ: 1'], ['+XYZW: 1']]);
  });

  test('is handled when one handler of several can read it', () => {
    router.on(linkClosed, () => {});
    router.on({ ...linkClosed, read: () => undefined }, () => {});
    router.on({ ...linkClosed, read: () => undefined, accepts: () => true }, () => {});
    route('\r\n+IPCLOSE: 3,1\r\n');
    expect(unhandled).toEqual([]);
  });

  test('of another shape is for the handlers that accept the shape', () => {
    const heard: string[] = [];
    const kind = (name: string, accepts: boolean | undefined) => ({
      text: '+IPCLOSE',
      ...(accepts === undefined ? {} : { accepts: () => accepts }),
      read: () => name,
    });
    for (const each of [kind('any', undefined), kind('accepts', true), kind('refuses', false)]) {
      router.on(each as never, (name: string) => heard.push(name));
    }
    route('\r\n+IPCLOSE: 3,1\r\n');
    expect(heard).toEqual(['any', 'accepts']);
  });

  test('that is routed while another one is handled waits until that one was handled', () => {
    const order: string[] = [];
    router.on(linkClosed, ({ link }) => {
      order.push(`begin ${link}`);
      if (link === 1) route('\r\n+IPCLOSE: 2,1\r\n');
      order.push(`end ${link}`);
    });
    route('\r\n+IPCLOSE: 1,1\r\n');
    expect(order).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2']);
    route('\r\n+IPCLOSE: 3,1\r\n');
    expect(order).toHaveLength(6);
  });
});

describe('a disposer', () => {
  test('removes its handler alone, however often it is called', () => {
    const heard: string[] = [];
    const first = router.on(linkClosed, () => heard.push('first'));
    first();
    const second = router.on(linkClosed, () => heard.push('second'));
    router.on(linkClosed, () => heard.push('third'));
    first();
    route('\r\n+IPCLOSE: 1,1\r\n');
    second();
    route('\r\n+IPCLOSE: 1,1\r\n');
    expect(heard).toEqual(['second', 'third', 'third']);
  });

  test('called by a handler does not keep the event from the others', () => {
    const heard: string[] = [];
    const dispose = router.on(linkClosed, () => {
      heard.push('first');
      dispose();
    });
    router.on(linkClosed, () => heard.push('second'));
    route('\r\n+IPCLOSE: 1,1\r\n');
    expect(heard).toEqual(['first', 'second']);
  });
});

test('payload goes to its handlers until they are disposed of, and is unhandled when none takes it', () => {
  const heard: string[] = [];
  const takes = router.onPayload(({ kind }) => heard.push(kind) > 0);
  router.onPayload(() => false);
  route('\r\n+IPD7\r\nhello\r\n+CREG: 1\r\n');
  expect(new Set(heard)).toEqual(new Set(['payload', 'overrun']));
  expect(unhandled.filter((text) => text === 'payload')).toEqual([]);
  takes();
  const before = heard.length;
  route('\r\n+IPD2\r\nab');
  expect(heard).toHaveLength(before);
  expect(unhandled).toContain('payload');
});

test('urc$ emits what a URC says until it is unsubscribed', () => {
  const states: unknown[] = [];
  const subscription = router.urc$(signalChanged).subscribe((state) => states.push(state));
  route('\r\n+CSQ: 20,0\r\n');
  subscription.unsubscribe();
  route('\r\n+CSQ: 21,0\r\n');
  expect(states).toEqual([{ rssi: 20, ber: 0 }]);
  expect(unhandled).toEqual(['+CSQ: 21,0']);
});

import { csq } from '@a7600/at-codec';
import { ok, refuse } from '@a7600/testing';
import { protocolPayload } from '@a7600/testing/arbitraries';
import fc from 'fast-check';
import { EMPTY } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { effort } from '../../../../tools/thorough.js';
import {
  commandsSince,
  errorOf,
  observe,
  openNetwork,
  textOf,
  type World,
  world,
  write,
} from '../../test/world.js';

/** Answers `AT+CIPCCFG=…` with `ERROR`, as firmware does that knows no header with a link number. */
const NO_LINK_IN_HEADER = {
  command: '+CIPCCFG',
  read: () => ok('+CIPCCFG: 10,0,0,1,0,0,500'),
};

/** Connects to a host of its own and gives both ends. */
function connection(w: World, network: ReturnType<typeof openNetwork>, host: string) {
  const accepted = observe(w.outside.serve(host, 80));
  const socket = observe(network.last.connect({ host, port: 80 }));
  w.advance(10);
  return { socket, far: accepted.last };
}

describe('direct push', () => {
  test('asks for headers with the link number, and reads nothing (Q-3)', () => {
    const w = world();
    const network = openNetwork(w, { receive: 'push' });
    expect(w.commands).not.toContain('AT+CIPRXGET=1');
    expect(w.commands).toContain('AT+CIPCCFG=10,0,0,1,1,0,500,1');
    const { socket, far } = connection(w, network, 'example.com');
    const received = observe(socket.last.received$);
    const from = w.commands.length;
    write(far, 'x'.repeat(5_000));
    w.advance(1_000);
    expect(textOf(received.values)).toHaveLength(5_000);
    observe(far.close());
    w.advance(1_000);
    expect(received.end).toBe('complete');
    expect(commandsSince(w, from)).toEqual(['AT+CIPOPEN?']);
  });

  test('a short message that imitates URCs and data reaches no socket and no subscriber (3GPP TS 27.005)', () => {
    const w = world();
    const network = openNetwork(w, { receive: 'push' });
    const { socket, far } = connection(w, network, 'example.com');
    const received = observe(socket.last.received$);
    write(far, 'before');
    w.advance(100);
    const text =
      'hi\r\n\r\n+IPCLOSE: 0,1\r\n\r\n*ATREADY: 1\r\n\r\n+RECEIVE,0,3:\r\nbad\r\n+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY\r\n';
    const header = `+CMT: "+1202","","24/05/01,10:20:30+08",145,4,0,0,"+1202",145,${text.length}`;
    w.module.control.report(`${header}\r\n${text}`);
    w.advance(100);
    write(far, 'after');
    w.advance(60_000);
    expect(textOf(received.values)).toBe('beforeafter');
    expect(received.end).toBe('open');
    expect(network.end).toBe('open');
  });

  test.each([
    ['that the network is closed', '+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY'],
    ['that another socket is closed', '+IPCLOSE: 8,1'],
    ['that the module has restarted', '*ATREADY: 1'],
  ])('data without its header, which the line has lost, is not believed: %s', (_, said) => {
    for (const [receive, header] of [
      ['push', /^\+RECEIVE/],
      ['buffer', /^\+CIPRXGET: 2/],
    ] as const) {
      const w = world();
      const network = openNetwork(w, { receive });
      const [one, two] = ['10.3.0.1', '10.3.0.2'].map((host) => connection(w, network, host));
      const received = [one, two].map((each) => observe(each?.socket.last.received$ ?? EMPTY));
      w.module.control.faults.next('lostLine', { line: header });
      if (one) write(one.far, `\r\n${said}\r\n`);
      w.advance(70_000);
      if (two) write(two.far, 'goes on');
      w.advance(1_000);
      expect([network.end, textOf(received[1]?.values ?? [])]).toEqual(['open', 'goes on']);
    }
  });

  test('whatever ten peers send reaches the socket it was meant for', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ link: fc.nat(9), bytes: protocolPayload({ maxLength: 3_000 }) }), {
          maxLength: 30,
        }),
        (messages) => {
          const w = world();
          const network = openNetwork(w, { receive: 'push' });
          const ends = Array.from({ length: 10 }, (_, index) => {
            const { socket, far } = connection(w, network, `10.3.0.${index + 1}`);
            return { far, sent: '', received: observe(socket.last.received$) };
          });
          for (const { link, bytes } of messages) {
            const end = ends[link] as (typeof ends)[0];
            end.sent += textOf([bytes]);
            write(end.far, bytes);
          }
          w.advance(5_000);
          for (const { sent, received } of ends) expect(textOf(received.values)).toBe(sent);
        },
      ),
      { numRuns: effort(15, 30) },
    );
  });

  test('a block of an unknown link ends the socket that its sender has under another number', () => {
    const w = world();
    const network = openNetwork(w, { receive: 'push' });
    const { socket } = connection(w, network, '10.3.0.1');
    const { host, port } = socket.last.remote ?? { host: '', port: 0 };
    const unknown = (socket.last.link + 5) % 10;
    w.module.control.report(`RECV FROM:${host}:${port}\r\n+RECEIVE,${unknown},2\r\nab`);
    w.advance(1_000);
    expect(errorOf(socket)?.code).toBe('FRAMING_LOST');
  });

  test.each(['pushes more', 'closes'])(
    'a block that is not completed is no silent loss when the peer %s',
    (next) => {
      const w = world();
      const network = openNetwork(w, { receive: 'push' });
      const { socket, far } = connection(w, network, 'example.com');
      const received = observe(socket.last.received$);
      w.module.control.report(`+RECEIVE,${socket.last.link},100`);
      const signal = observe(network.modem.last.run(csq()));
      w.advance(20_000);
      expect(errorOf(signal)?.code).toBe('TIMEOUT');
      expect(observe(network.modem.last.run(csq())).end).toBe('complete');
      w.advance(1_000);
      if (next === 'closes') observe(far.close());
      else write(far, 'x');
      w.advance(1_000);
      expect(errorOf(received)).toMatchObject({
        code: 'FRAMING_LOST',
        message: expect.stringMatching(/were lost/),
      });
    },
  );

  test('a consumer that leaves too much unread loses its connection, not its memory', () => {
    const w = world();
    const network = openNetwork(w, { receive: 'push' });
    const { socket, far } = connection(w, network, 'example.com');
    socket.last.pause();
    const held = observe(socket.last.received$);
    for (let megabytes = 0; megabytes < 3; megabytes++) write(far, new Uint8Array(1_048_576));
    w.advance(10_000);
    expect(errorOf(socket)).toMatchObject({
      code: 'LINK_CLOSED',
      message: expect.stringMatching(/receive: "buffer"/),
    });
    socket.last.resume();
    expect(errorOf(held)?.code).toBe('LINK_CLOSED');
  });
});

describe('direct push without link numbers (Q-3a)', () => {
  const withoutLinks = () => world({ behaviours: [NO_LINK_IN_HEADER] });

  test('tells links by the address of the sender', () => {
    const w = withoutLinks();
    const network = openNetwork(w, { receive: 'push' });
    const one = connection(w, network, '10.3.0.1');
    const two = connection(w, network, '10.3.0.2');
    const received = [observe(one.socket.last.received$), observe(two.socket.last.received$)];
    write(two.far, 'for two');
    write(one.far, 'for one');
    write(two.far, ' and more');
    w.advance(1_000);
    expect(received.map(({ values }) => textOf(values))).toEqual(['for one', 'for two and more']);
  });

  test.each([
    ['has no field for them', NO_LINK_IN_HEADER],
    ['cannot be asked for', { command: '+CIPCCFG', read: () => refuse() }],
  ])('refuses, where the configuration %s, a second link that could not be told from the first', (_, how) => {
    const w = world({ behaviours: [how] });
    const network = openNetwork(w, { receive: 'push' });
    connection(w, network, 'example.com');
    const second = observe(network.last.connect({ host: 'example.org', port: 80 }));
    expect(errorOf(second)).toMatchObject({
      code: 'CAPACITY',
      message: expect.stringMatching(/receive: "buffer"/),
    });
  });
});

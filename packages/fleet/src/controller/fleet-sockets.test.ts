import { describe, expect, test } from 'vitest';
import { observe, startedFleet } from '../../test/world.js';

const text = (chunks: readonly Uint8Array[]) => chunks.map((chunk) => String.fromCharCode(...chunk)).join('');

describe('sockets', () => {
  test('bytes go both ways, and each end is known at both sides', () => {
    const { fleet, advance, outside } = startedFleet();
    const accepted = observe(outside.serve('example.com', 80));
    const sockets = observe(fleet.modem('ROOF-17/east').connect({ host: 'example.com', port: 80 }));
    advance(1_000);
    const socket = sockets.last;
    const received = observe(socket.received$);
    const arrived = observe(accepted.last.received$);
    observe(socket.write('hello'));
    observe(accepted.last.write('world'));
    advance(1_000);
    expect(text(arrived.values)).toBe('hello');
    expect(text(received.values)).toBe('world');
    expect(socket.remote).toEqual({ host: 'example.com', port: 80 });
    observe(accepted.last.close());
    advance(1_000);
    expect(received.end).toBe('complete');
    expect(observe(socket.ended$).last).toEqual({ by: 'remote' });
    expect(sockets.end).toBe('complete');
  });

  test('closing from here closes the socket of the module, after what was written', () => {
    const { fleet, advance, outside } = startedFleet();
    const accepted = observe(outside.serve('example.com', 80));
    const sockets = observe(fleet.modem('ROOF-17/east').connect({ host: 'example.com', port: 80 }));
    advance(1_000);
    const arrived = observe(accepted.last.received$);
    observe(sockets.last.write(new Uint8Array(100_000)));
    const closed = observe(sockets.last.close());
    advance(30_000);
    expect(arrived.values.reduce((sum, { length }) => sum + length, 0)).toBe(100_000);
    expect(arrived.end).toBe('complete');
    expect(closed.end).toBe('complete');
  });

  test('a connection that the module cannot make is the error of a local modem', () => {
    const { fleet, advance } = startedFleet();
    const refused = observe(fleet.modem('ROOF-17/east').connect({ host: '10.9.9.9', port: 80 }));
    advance(130_000);
    expect(refused.end).toMatchObject({
      name: 'ModemError',
      code: expect.stringMatching(/CONNECT_REFUSED|PEER_TIMEOUT/),
    });
  });

  test('a modem that its agent gives up is lost for its connections: it is no end in good order', () => {
    const { fleet, advance, outside, agent } = startedFleet();
    const accepted = observe(outside.serve('example.com', 80));
    const modem = fleet.modem('ROOF-17/east');
    const sockets = observe(modem.connect({ host: 'example.com', port: 80 }));
    const clients = observe(modem.listen({ port: 7 }));
    advance(2_000);
    const received = observe(sockets.last.received$);
    observe(accepted.last.write('some of it'));
    advance(1_000);
    agent.drop('east');
    advance(5_000);
    expect(text(received.values)).toBe('some of it');
    for (const { end } of [received, clients]) expect(end).toMatchObject({ code: 'STREAM_LOST' });
    expect(observe(sockets.last.ended$).last).toMatchObject({ by: 'lost', error: { code: 'STREAM_LOST' } });
  });

  test('unsubscribing gives the link back', () => {
    const { fleet, advance, outside } = startedFleet();
    observe(outside.serve('example.com', 80));
    const modem = fleet.modem('ROOF-17/east');
    const links = observe(modem.links$);
    const sockets = observe(modem.connect({ host: 'example.com', port: 80 }));
    advance(3_000);
    expect(links.last).toHaveLength(1);
    sockets.subscription.unsubscribe();
    advance(3_000);
    expect(links.last).toHaveLength(0);
  });

  test('the link of a controller that is gone is free after 15 s', () => {
    const { fleet, advance, outside, controller, agent } = startedFleet();
    const accepted = observe(outside.serve('example.com', 80));
    const sockets = observe(fleet.modem('ROOF-17/east').connect({ host: 'example.com', port: 80 }));
    advance(1_000);
    const arrived = observe(accepted.last.received$);
    const received = observe(sockets.last.received$);
    controller.connection.away = true;
    advance(17_000);
    expect(arrived.end).toBe('complete');
    expect(received.end).toMatchObject({ code: 'STREAM_LOST' });
    expect(agent.observed.last.modems[0]?.links).toEqual([]);
  });

  test('an outage of the server of ten seconds loses no byte', () => {
    const { fleet, advance, outside, controller, agent } = startedFleet();
    const accepted = observe(outside.serve('example.com', 80));
    const sockets = observe(fleet.modem('ROOF-17/east').connect({ host: 'example.com', port: 80 }));
    advance(1_000);
    const arrived = observe(accepted.last.received$);
    const received = observe(sockets.last.received$);
    const sent = Uint8Array.from({ length: 300_000 }, (_, at) => (at * 7) & 0xff);
    observe(sockets.last.write(sent));
    observe(accepted.last.write(sent));
    for (const connection of [controller.connection, agent.connection]) {
      advance(20);
      connection.away = true;
      advance(10_000);
      connection.away = false;
    }
    advance(60_000);
    expect(Buffer.concat(arrived.values).equals(sent)).toBe(true);
    expect(Buffer.concat(received.values).equals(sent)).toBe(true);
  });

  test('a server on the module accepts clients, which are sockets here', () => {
    const { fleet, advance, outside } = startedFleet();
    const clients = observe(fleet.modem('ROOF-17/east').listen({ port: 7 }));
    advance(2_000);
    const caller = observe(outside.callIn(7));
    advance(2_000);
    const received = observe(clients.last.received$);
    const answered = observe(caller.last.received$);
    observe(caller.last.write('ping'));
    observe(clients.last.write('pong'));
    advance(2_000);
    expect(text(received.values)).toBe('ping');
    expect(text(answered.values)).toBe('pong');
    clients.subscription.unsubscribe();
    advance(3_000);
    expect(answered.end).toBe('complete');
  });

  test('a name is looked up by the module', () => {
    const { fleet, advance, outside } = startedFleet();
    observe(outside.serve('example.com', 80));
    const addresses = observe(fleet.modem('ROOF-17/east').resolve('example.com'));
    advance(2_000);
    expect(addresses.values).toHaveLength(1);
    expect(addresses.end).toBe('complete');
  });

  test('what the peer has acknowledged is reported', () => {
    const { fleet, advance, outside } = startedFleet();
    const accepted = observe(outside.serve('example.com', 80));
    const sockets = observe(fleet.modem('ROOF-17/east').connect({ host: 'example.com', port: 80 }));
    advance(1_000);
    const arrived = observe(accepted.last.received$);
    accepted.last.pause();
    observe(sockets.last.write(new Uint8Array(5_000)));
    const delivered = observe(sockets.last.delivered());
    advance(3_000);
    expect(delivered.end).toBe('open');
    accepted.last.resume();
    advance(5_000);
    expect(arrived.values.reduce((sum, { length }) => sum + length, 0)).toBe(5_000);
    expect(delivered.end).toBe('complete');
  });

  test('datagrams go both ways, whole and with the address of the peer, until the socket is closed', () => {
    const { fleet, advance, outside } = startedFleet();
    const peer = observe(outside.host('example.com').bind(53)).last;
    const asked = observe(peer.received$);
    const sockets = observe(fleet.modem('ROOF-17/east').bind({ port: 5_000 }));
    advance(2_000);
    const socket = sockets.last;
    const answers = observe(socket.datagrams$);
    expect(socket.localPort).toBe(5_000);
    for (const question of ['one', 'two']) {
      const sent = observe(socket.send(question, { host: 'example.com', port: 53 }));
      advance(1_000);
      expect(sent.end).toBe('complete');
    }
    expect(asked.values.map(({ bytes }) => text([bytes]))).toEqual(['one', 'two']);
    for (const { bytes, from } of asked.values) observe(peer.send(bytes, from));
    advance(2_000);
    // The module does not say who has sent what waits in its buffer (AT+CIPRXGET).
    expect(answers.values.map(({ bytes, from }) => [text([bytes]), from])).toEqual([
      ['one', undefined],
      ['two', undefined],
    ]);
    observe(socket.close());
    advance(2_000);
    expect(answers.end).toBe('complete');
    expect(observe(socket.ended$).last).toEqual({ by: 'local' });
    expect(observe(fleet.modem('ROOF-17/east').links$).last).toEqual([]);
  });
});

describe('a transparent session', () => {
  const opened = () => {
    const w = startedFleet({ online: { network: { transparent: true } } });
    const accepted = observe(w.outside.serve('example.com', 80));
    const lease = observe(w.fleet.modem('ROOF-17/east').lease({ ttl: 3_000 }));
    w.advance(500);
    const sessions = observe(lease.last.transparent({ host: 'example.com', port: 80 }));
    w.advance(3_000);
    return { ...w, accepted, lease, sessions };
  };

  test('is a link whose bytes are those of the connection', () => {
    const { accepted, sessions, advance } = opened();
    const arrived = observe(accepted.last.received$);
    const received = observe(sessions.last.received$);
    observe(sessions.last.write('there and '));
    observe(accepted.last.write('back'));
    advance(2_000);
    expect([text(arrived.values), text(received.values)]).toEqual(['there and ', 'back']);
    sessions.subscription.unsubscribe();
    advance(5_000);
    expect(arrived.end).toBe('complete');
  });

  test('ends with the lease of a controller that is gone', () => {
    const { accepted, sessions, controller, advance } = opened();
    const arrived = observe(accepted.last.received$);
    const received = observe(sessions.last.received$);
    controller.connection.away = true;
    // Earlier than the 15 s after which a stream ends by itself.
    advance(10_000);
    expect(arrived.end).toBe('complete');
    controller.connection.away = false;
    advance(5_000);
    expect(received.end).toMatchObject({ code: expect.stringMatching(/LEASE_LOST|STREAM_LOST/) });
  });

  test('needs a lease: a program that forges one gets none', () => {
    const { fleet, lease, sessions, advance } = opened();
    sessions.subscription.unsubscribe();
    lease.subscription.unsubscribe();
    advance(5_000);
    const refused = observe(lease.last.transparent({ host: 'example.com', port: 80 }));
    advance(1_000);
    expect(refused.end).toMatchObject({ code: 'LEASE_LOST' });
    expect(observe(fleet.modem('ROOF-17/east').entry$).last.lease).toBeUndefined();
  });
});

describe('any modem', () => {
  test('is the one the modem with the fewest links, and another one when that fails', () => {
    const { fleet, advance, outside, commands } = startedFleet();
    observe(outside.serve('example.com', 80));
    const any = fleet.any({ where: { freeLinks: 1 } });
    for (let n = 0; n < 4; n++) observe(any.connect({ host: 'example.com', port: 80 }));
    advance(3_000);
    for (const name of ['east', 'west']) {
      const opened = commands.get(`ROOF-17/${name}`)?.filter((each) => each.startsWith('AT+CIPOPEN='));
      expect(opened).toHaveLength(2);
    }
    const none = observe(
      fleet.any({ where: { operator: 'nobody' } }).connect({ host: 'example.com', port: 80 }),
    );
    expect(none.end).toMatchObject({ code: 'NO_MODEM' });
  });

  test('is another one when the first is lost before the connection is open', () => {
    const { fleet, advance, outside, modules, commands } = startedFleet();
    const accepted = observe(outside.serve('example.com', 80));
    const order = observe(fleet.modems$).last.map(({ id }) => id);
    const first = order[0] ?? '';
    // Its agent does not know yet.
    modules.get(first)?.control.powerOff();
    const sockets = observe(fleet.any().connect({ host: 'example.com', port: 80 }));
    advance(200_000);
    expect(sockets.values).toHaveLength(1);
    expect(accepted.values).toHaveLength(1);
    expect(commands.get(order[1] ?? '')?.some((each) => each.startsWith('AT+CIPOPEN='))).toBe(true);
  });

  test('is another one when the agent of the first is gone', () => {
    const { fleet, advance, outside, agent, startAgent } = startedFleet();
    startAgent('ROOF-18', ['north']);
    observe(outside.serve('example.com', 80));
    advance(3_000);
    agent.connection.away = true;
    const sockets = observe(fleet.any().connect({ host: 'example.com', port: 80 }));
    // Known after 6 s; its two modems are not tried one after the other.
    advance(8_000);
    expect(sockets.values).toHaveLength(1);
    expect(observe(fleet.modem('ROOF-18/north').links$).last).toHaveLength(1);
  });

  test('that has carried bytes and is lost ends with its error: only its user knows what to do', () => {
    const { fleet, advance, outside, modules } = startedFleet();
    observe(outside.serve('example.com', 80));
    const sockets = observe(fleet.any().connect({ host: 'example.com', port: 80 }));
    advance(2_000);
    const received = observe(sockets.last.received$);
    for (const module of modules.values()) module.control.restart();
    advance(30_000);
    expect(received.end).toMatchObject({ code: expect.stringMatching(/MODULE_RESTARTED|NETWORK_LOST/) });
    expect(sockets.values).toHaveLength(1);
  });
});

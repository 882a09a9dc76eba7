import { cfun, cipOpen, cops, csq } from '@a7600/at-codec';
import { firstValueFrom, of } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { fleetWorld, observe } from '../../test/world.js';

const text = (chunks: readonly Uint8Array[]) => chunks.map((chunk) => String.fromCharCode(...chunk)).join('');

/** One agent with two modems, and a controller. */
function started() {
  const w = fleetWorld();
  const agent = w.agent('ROOF-17', ['east', 'west'], { answer: (_, argument) => of({ argument }) });
  const controller = w.controller();
  w.advance(3_000);
  return { ...w, agent, controller, fleet: controller.observed.last };
}

describe('who is there', () => {
  test('lists every modem with its identity, state and network', () => {
    const { fleet } = started();
    const modems = observe(fleet.modems$).last;
    expect(modems.map(({ id }) => id).sort()).toEqual(['ROOF-17/east', 'ROOF-17/west']);
    expect(modems[0]).toMatchObject({
      presence: 'present',
      state: 'online',
      identity: { model: expect.any(String) },
    });
    expect(modems[0]?.imei).toMatch(/^\d{15}$/);
    expect(modems[0]?.address).not.toBe('');
  });

  test('an agent that stops in silence is gone after 6 s, and back with its next beat', () => {
    const { fleet, agent, advance } = started();
    const modems = observe(fleet.modems$);
    agent.connection.away = true;
    advance(3_900);
    expect(modems.last[0]?.presence).toBe('present');
    advance(2_500);
    expect(modems.last[0]?.presence).toBe('gone');
    agent.connection.away = false;
    advance(300);
    expect(modems.last[0]?.presence).toBe('present');
  });

  test('everything is unknown while the own connection is away', () => {
    const { fleet, controller, advance } = started();
    const modems = observe(fleet.modems$);
    controller.connection.away = true;
    advance(300);
    expect(modems.last.map(({ presence }) => presence)).toEqual(['unknown', 'unknown']);
    const refused = observe(fleet.modem('east').raw('AT'));
    expect(refused.end).toMatchObject({ code: 'ENGINE_AWAY' });
    controller.connection.away = false;
    advance(300);
    expect(modems.last.map(({ presence }) => presence)).toEqual(['present', 'present']);
  });

  test('an IMEI that two present agents claim has to be named with its agent', () => {
    const { fleet, advance, server, agent } = started();
    const honest = observe(fleet.modems$).last[0];
    const liar = server.connect();
    const put = (key: string, value: object) =>
      liar.put(key, new TextEncoder().encode(JSON.stringify(value))).subscribe();
    put('LIAR.one.state', {
      protocol: '1.9',
      instance: 'i'.repeat(22),
      serial: 1,
      state: 'online',
      imei: honest?.imei,
      later: { unknown: true },
    });
    liar.publish(
      'a7600.v1.LIAR.beat',
      new TextEncoder().encode(
        JSON.stringify({ protocol: '1.9', instance: 'i'.repeat(22), clock: 5, modems: 1, more: 1 }),
      ),
    );
    advance(300);
    const raw = observe(fleet.modem(honest?.imei ?? '').raw('AT'));
    expect(raw.end).toMatchObject({ code: 'MODEM_AMBIGUOUS' });
    expect(observe(fleet.modem(honest?.id ?? '').raw('AT')).end).toBe('open');
    expect(agent.observed.end).toBe('open');
  });

  test('what breaks the protocol is counted and changes nothing', () => {
    const { fleet, advance, server } = started();
    const liar = server.connect();
    liar.publish('a7600.v1.ROOF-17.beat', new TextEncoder().encode('{"protocol":1}'));
    liar.put('ROOF-17.east.state', new TextEncoder().encode('no JSON')).subscribe();
    advance(300);
    expect(fleet.refusals.get('ROOF-17')).toBe(2);
    expect(observe(fleet.modems$).last).toHaveLength(2);
  });
});

describe('commands', () => {
  test('run decodes here what the module printed there', () => {
    const { fleet, advance } = started();
    const signal = observe(fleet.modem('ROOF-17/east').run(csq()));
    const operator = observe(fleet.modem('ROOF-17/east').run(cops.read()));
    advance(500);
    expect(signal.last.rssi).toBeGreaterThan(0);
    expect(operator.last.mode).toBe(0);
    expect(signal.end).toBe('complete');
  });

  test('raw gives the lines, and a procedure its value', () => {
    const { fleet, advance } = started();
    const raw = observe(fleet.modem('ROOF-17/east').raw('AT+CSQ'));
    const called = observe(fleet.modem('ROOF-17/east').call('answer', 42));
    const missing = observe(fleet.modem('ROOF-17/east').call('nothing'));
    advance(500);
    expect(raw.last[0]).toMatch(/^\+CSQ: /);
    expect(called.last).toEqual({ argument: 42 });
    expect(missing.end).toMatchObject({ code: 'UNSUPPORTED' });
  });

  test('a refusal of the module is the same error as of a local modem', () => {
    const { fleet, advance } = started();
    const refused = observe(fleet.modem('ROOF-17/east').raw('AT+NOSUCHTHING?'));
    advance(500);
    expect(refused.end).toMatchObject({ name: 'AtError', answer: 'ERROR' });
  });

  test('what changes the modem needs a lease, which one controller has at a time', () => {
    const { fleet, advance } = started();
    const modem = fleet.modem('ROOF-17/east');
    const without = observe(modem.run(cfun({ functionality: 1 })));
    advance(200);
    expect(without.end).toMatchObject({ code: 'LEASE_REQUIRED' });
    const lease = observe(modem.lease({ holder: 'me' }));
    advance(200);
    const done = observe(lease.last.raw('ATE0'));
    const other = observe(modem.lease({ holder: 'you' }));
    advance(500);
    expect(done.end).toBe('complete');
    expect(other.end).toMatchObject({ code: 'LEASE_HELD', message: expect.stringContaining('"me"') });
    lease.subscription.unsubscribe();
    advance(200);
    const next = observe(modem.lease());
    advance(200);
    expect(next.last.epoch).toBeGreaterThan(lease.last.epoch);
    const late = observe(lease.last.raw('ATE0'));
    advance(200);
    expect(late.end).toMatchObject({ code: 'LEASE_LOST' });
  });

  test('a lease outlives its time while it is renewed, and ends by time when its holder is gone', () => {
    const { fleet, advance, controller, commands } = started();
    const lease = observe(fleet.modem('ROOF-17/east').lease({ ttl: 3_000 }));
    advance(30_000);
    expect(lease.end).toBe('open');
    const before = commands.get('ROOF-17/east')?.length;
    controller.connection.away = true;
    advance(3_500);
    expect(lease.end).toMatchObject({ code: 'LEASE_LOST' });
    controller.connection.away = false;
    advance(500);
    const refused = observe(lease.last.raw('ATE0'));
    advance(500);
    expect(refused.end).toMatchObject({ code: 'LEASE_LOST' });
    expect(commands.get('ROOF-17/east')?.slice(before)).not.toContain('ATE0');
  });

  test('a request that reaches a stopped agent after its deadline is not executed', () => {
    const { fleet, agent, advance, commands } = started();
    agent.connection.stop(true);
    const late = observe(fleet.modem('ROOF-17/east').raw('AT+CIMI', 1_000));
    advance(32_000);
    expect(late.end).toMatchObject({ code: expect.stringMatching(/OUTCOME_UNKNOWN|AGENT_GONE/) });
    agent.connection.stop(false);
    advance(2_000);
    expect(commands.get('ROOF-17/east')).not.toContain('AT+CIMI');
  });

  test('a request whose reply is lost is asked for again, and executed once', () => {
    const { fleet, agent, controller, advance, commands } = started();
    const asked = observe(fleet.modem('ROOF-17/east').raw('AT+CGMR'));
    // The request has passed, the reply is lost.
    advance(1);
    controller.connection.away = true;
    advance(500);
    controller.connection.away = false;
    advance(3_000);
    expect(asked.end).toBe('complete');
    expect(agent.observed.end).toBe('open');
    expect(commands.get('ROOF-17/east')?.filter((each) => each === 'AT+CGMR')).toHaveLength(1);
  });

  test('a command that leads to data mode is refused here', async () => {
    const { fleet } = started();
    const dial = { ...cipOpen({ host: 'example.com', port: 80, link: 0 }), connects: true };
    await expect(firstValueFrom(fleet.modem('ROOF-17/east').run(dial))).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });
});

describe('sockets', () => {
  test('bytes go both ways, and each end is known at both sides', () => {
    const { fleet, advance, outside } = started();
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
    const { fleet, advance, outside } = started();
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
    const { fleet, advance } = started();
    const refused = observe(fleet.modem('ROOF-17/east').connect({ host: '10.9.9.9', port: 80 }));
    advance(130_000);
    expect(refused.end).toMatchObject({
      name: 'ModemError',
      code: expect.stringMatching(/CONNECT_REFUSED|PEER_TIMEOUT/),
    });
  });

  test('unsubscribing gives the link back', () => {
    const { fleet, advance, outside } = started();
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
    const { fleet, advance, outside, controller, agent } = started();
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
    const { fleet, advance, outside, controller, agent } = started();
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
    const { fleet, advance, outside } = started();
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
    const { fleet, advance, outside } = started();
    observe(outside.serve('example.com', 80));
    const addresses = observe(fleet.modem('ROOF-17/east').resolve('example.com'));
    advance(2_000);
    expect(addresses.values).toHaveLength(1);
    expect(addresses.end).toBe('complete');
  });

  test('any takes the modem with the fewest links, and another one when that fails', () => {
    const { fleet, advance, outside, commands } = started();
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
});

test('events that happen while the server is away are stored when it is back, each once', () => {
  const { fleet, advance, agent, server, modules } = started();
  const events = observe(fleet.events$);
  agent.connection.away = true;
  modules.get('ROOF-17/east')?.control.restart();
  advance(20_000);
  expect(events.values).toEqual([]);
  agent.connection.away = false;
  advance(5_000);
  expect(events.values.map(({ kind }) => kind)).toContain('recovery');
  expect(new Set(server.events.map(({ id }) => id)).size).toBe(server.events.length);
});

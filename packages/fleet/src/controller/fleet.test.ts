import { cfun, cipOpen, cops, csq } from '@a7600/at-codec';
import { firstValueFrom } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { observe, startedFleet as started } from '../../test/world.js';

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

  test('a modem that does not answer any more is unknown within 10 s, and online again when it answers', () => {
    const { fleet, advance, modules } = started();
    const east = () => observe(fleet.modem('ROOF-17/east').entry$).last;
    const module = modules.get('ROOF-17/east')?.control;
    module?.powerOff();
    let waited = 0;
    for (; east().state === 'online' && waited < 20_000; waited += 100) advance(100);
    expect(waited).toBeLessThan(10_000);
    expect(east()).toMatchObject({
      state: 'unknown',
      reason: expect.stringContaining('not answered for 4000 ms'),
    });
    expect(observe(fleet.modem('ROOF-17/west').entry$).last.state).toBe('online');
    module?.powerOn();
    advance(120_000);
    expect(east()).toMatchObject({ state: 'online', presence: 'present' });
    expect(east().reason).toBeUndefined();
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

test('two processes of one name are refused while both are there: the one that is meant may be the other', () => {
  const { fleet, advance, agent, startAgent, commands } = started();
  const atFirst = commands.get('ROOF-17/east');
  const other = startAgent('ROOF-17', ['east']);
  advance(6_000);
  const refused = observe(fleet.modem('ROOF-17/east').raw('AT+CIMI'));
  expect(refused.end).toMatchObject({
    code: 'MODEM_AMBIGUOUS',
    message: expect.stringContaining(agent.observed.last.instance),
  });
  expect(observe(fleet.any().resolve('10.0.0.1')).end).toMatchObject({ code: 'NO_MODEM' });
  other.observed.subscription.unsubscribe();
  expect([...(atFirst ?? []), ...(commands.get('ROOF-17/east') ?? [])]).not.toContain('AT+CIMI');
  advance(9_000);
  const asked = observe(fleet.modem('ROOF-17/west').raw('AT+CIMI'));
  advance(500);
  expect(asked.end).toBe('complete');
});

test('a process that follows another one of its name is not refused', () => {
  const { fleet, advance, agent, startAgent } = started();
  agent.connection.away = true;
  const other = startAgent('ROOF-17', ['east']);
  advance(7_000);
  const asked = observe(fleet.modem('ROOF-17/east').raw('AT+CIMI'));
  advance(500);
  expect(asked.end).toBe('complete');
  expect(other.observed.end).toBe('open');
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
  const bundle = events.values.find(({ kind }) => kind === 'bundle');
  const text = expect.stringContaining('> AT+NETOPEN');
  expect(bundle).toMatchObject({ modem: 'east', data: { name: 'before-the-loss', text } });
  expect(new Set(server.events.map(({ id }) => id)).size).toBe(server.events.length);
});

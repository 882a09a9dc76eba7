import { jetstreamManager, RetentionPolicy, StorageType } from '@nats-io/jetstream';
import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import { Subscription } from 'rxjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FleetServer, fleetServer, refusals } from '../../test/fleet-server.js';

// What the real nats-server refuses with this configuration, whatever the program says that asks.

const server = new Subscription();
let fleet: FleetServer;
beforeAll(async () => {
  fleet = await fleetServer(server);
  const manager = await jetstreamManager(await fleet.connect('root'));
  const common = { storage: StorageType.File, retention: RetentionPolicy.Limits, allow_direct: true };
  await manager.streams.add({
    ...common,
    name: 'KV_A7600',
    subjects: ['$KV.A7600.>'],
    max_msgs_per_subject: 1,
  });
  await manager.streams.add({ ...common, name: 'A7600_EVENTS', subjects: ['a7600.v1.*.event.*'] });
});
afterAll(() => server.unsubscribe());

const ROLES = ['roof-2', 'desk-2', 'wall'] as const;
type Role = (typeof ROLES)[number];

/** A user of each role, and what the server has refused it. */
const users = new Map<Role, { connection: NatsConnection; refused: () => Promise<string[]> }>();
beforeAll(async () => {
  for (const role of ROLES) {
    const connection = await fleet.connect(role);
    users.set(role, { connection, refused: refusals(connection) });
  }
});

/** The roles to which the server permits something. */
async function permitted(attempt: (connection: NatsConnection) => void): Promise<Role[]> {
  const allowed: Role[] = [];
  for (const [role, { connection, refused }] of users) {
    attempt(connection);
    if ((await refused()).length === 0) allowed.push(role);
  }
  return allowed;
}

const subscribing = (subject: string) =>
  permitted((connection) => void connection.subscribe(subject, { callback: () => {} }));

const RUN = 'a7600.v1.roof-1.instance.east.run';
const LEASE = '$KV.A7600.roof-1.east.lease';

describe('publishing', () => {
  test.each<[subject: string, allowed: readonly Role[]]>([
    ['a7600.v1.roof-2.beat', ['roof-2']],
    ['a7600.v1.roof-2.event.state', ['roof-2']],
    ['$KV.A7600.roof-2.east.state', ['roof-2']],
    ['a7600.v1.roof-1.beat', []],
    ['a7600.v1.roof-1.event.state', []],
    ['a7600.v1.roof-1.instance.east.out.stream', []],
    ['$KV.A7600.roof-1.east.state', []],
    [LEASE, []],
    [RUN, ['desk-2']],
    ['a7600.v1.roof-1.instance.east.lease', ['desk-2']],
    ['a7600.v1.roof-1.instance.east.in.stream', ['desk-2']],
    ['$SRV.PING.a7600-agent', ['desk-2', 'wall']],
    ['$JS.API.STREAM.INFO.KV_A7600', ['roof-2', 'desk-2', 'wall']],
    ['$JS.API.DIRECT.GET.KV_A7600', ['desk-2', 'wall']],
    ['$JS.API.DIRECT.GET.A7600_EVENTS', ['desk-2', 'wall']],
    ['$JS.API.STREAM.MSG.GET.KV_A7600', []],
    ['$JS.API.CONSUMER.CREATE.A7600_EVENTS', []],
    ['$JS.API.CONSUMER.CREATE.A7600_EVENTS.name.filter', []],
    ['$JS.API.CONSUMER.DURABLE.CREATE.A7600_EVENTS.name', []],
    ['$JS.API.STREAM.CREATE.MINE', []],
    ['$JS.API.STREAM.UPDATE.KV_A7600', []],
    ['$JS.API.STREAM.PURGE.KV_A7600', []],
    ['$JS.API.STREAM.DELETE.KV_A7600', []],
    ['$JS.API.STREAM.SNAPSHOT.KV_A7600', []],
    ['$JS.API.STREAM.RESTORE.KV_A7600', []],
    ['_INBOX_roof-1.reply', []],
    ['_INBOX.reply', []],
    ['$SYS.REQ.SERVER.PING', []],
  ])('%s is for %j', async (subject, allowed) => {
    expect(await permitted((connection) => connection.publish(subject))).toEqual(allowed);
  });
});

describe('subscribing', () => {
  test.each<[subject: string, allowed: readonly Role[]]>([
    ['a7600.v1.*.beat', ['desk-2', 'wall']],
    ['a7600.v1.*.event.*', ['desk-2', 'wall']],
    ['$KV.A7600.>', ['desk-2', 'wall']],
    ['a7600.v1.*.*.*.out.*', ['desk-2']],
    ['a7600.v1.roof-2.instance.*.run', ['roof-2']],
    ['a7600.v1.roof-2.instance.*.in.*', ['roof-2']],
    ['a7600.v1.roof-1.instance.*.run', []],
    ['a7600.v1.roof-1.instance.*.in.*', []],
    ['a7600.v1.*.*.*.run', []],
    ['a7600.v1.*.*.*.lease', []],
    ['a7600.v1.>', []],
    ['_INBOX_roof-1.>', []],
    ['_INBOX.>', []],
    ['$JS.API.>', []],
    ['>', []],
  ])('%s is for %j', async (subject, allowed) => {
    expect(await subscribing(subject)).toEqual(allowed);
  });

  test('the replies for one controller are not for another', async () => {
    expect(await subscribing(`_INBOX_${fleet.identity('desk-1')}.>`)).toEqual([]);
  });
});

test('connecting needs a key that the server knows', async () => {
  const options = { servers: fleet.url, tls: { ca: fleet.ca }, reconnect: false };
  await expect(connect(options)).rejects.toThrow(/Authorization Violation/);
  await expect(connect({ ...options, user: 'root', pass: '' })).rejects.toThrow(/Authorization Violation/);
});

test('connecting needs TLS, with a certificate that is trusted', async () => {
  await expect(connect({ servers: fleet.url, tls: {}, reconnect: false })).rejects.toThrow(/certificate/);
});

test('a consumer cannot make the server send a command to an agent', async () => {
  const heard: string[] = [];
  const agent = await fleet.connect('roof-1');
  agent.subscribe('a7600.v1.roof-1.*.*.*', { callback: (_, message) => void heard.push(message.subject) });
  await agent.flush();
  const config = { deliver_subject: RUN, ack_policy: 'none', deliver_policy: 'all' };
  for (const { connection, refused } of users.values()) {
    const request = JSON.stringify({ stream_name: 'A7600_EVENTS', config });
    for (const subject of [
      '$JS.API.CONSUMER.CREATE.A7600_EVENTS',
      '$JS.API.CONSUMER.DURABLE.CREATE.A7600_EVENTS.x',
    ]) {
      connection.publish(subject, request);
    }
    expect(await refused()).toHaveLength(2);
  }
  const lure = await fleet.connect('roof-2');
  await lure.request('a7600.v1.roof-2.event.state', 'AT+CRESET');
  await agent.flush();
  expect(heard).toEqual([]);
});

test('a lease cannot be stolen by a plain put', async () => {
  const agent = await fleet.connect('roof-1');
  await agent.request(LEASE, 'held by desk-1');
  for (const { connection, refused } of users.values()) {
    connection.publish(LEASE, 'held by me');
    expect(await refused()).toHaveLength(1);
  }
  const manager = await jetstreamManager(await fleet.connect('root'));
  const stored = await manager.direct.getMessage('KV_A7600', { last_by_subj: LEASE });
  expect(stored?.string()).toBe('held by desk-1');
});

// Known of the server: it answers a question to any subject. The agent has to refuse what comes so.
test('the server can be made to send a stored message to an agent, which says so and wants no reply', async () => {
  const agent = await fleet.connect('roof-1');
  const subscription = agent.subscribe('a7600.v1.roof-1.*.*.*', { max: 1 });
  await agent.flush();
  const lure = headers();
  lure.set('A7600-Id', 'forged');
  await (await fleet.connect('roof-2')).request('a7600.v1.roof-2.event.state', 'forged', {
    headers: lure,
    timeout: 10_000,
  });
  const question = JSON.stringify({ last_by_subj: 'a7600.v1.roof-2.event.state' });
  users.get('wall')?.connection.publish('$JS.API.DIRECT.GET.A7600_EVENTS', question, { reply: RUN });
  for await (const message of subscription) {
    expect(message.headers?.get('A7600-Id')).toBe('forged');
    expect(message.headers?.get('Nats-Stream')).toBe('A7600_EVENTS');
    expect(message.reply ?? '').toBe('');
  }
});

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { connectAsync, type MqttClient } from 'mqtt';
import { BehaviorSubject, Subscription } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { endingWithParent } from '../../../../tools/programs.js';
import {
  type Broker,
  type Heard,
  listener,
  mosquittoBroker,
  natsBroker,
  userOf,
} from '../../test/brokers.js';
import { MODEM } from '../../test/modem.js';
import type { BridgedModem } from './messages.js';
import { mqttBridge } from './mqtt-bridge.js';

// What the bridge publishes, as Debian's mosquitto_sub hears it.

const AVAILABILITY = 'modem/roof-1/availability';
const STATE = 'modem/roof-1/east/state';
const SIGNAL = 'homeassistant/sensor/a7600-roof-1/east_signal/config';
/** The entities of a modem, and what is retained below `modem/` of an agent with one modem. */
const ENTITIES = 8;
const STATES = 3;

describe.each([
  ['mosquitto', mosquittoBroker],
  ['the MQTT port of nats-server', natsBroker],
])('%s', (_, start) => {
  let open: Subscription;
  let broker: Broker;
  beforeEach(async () => {
    open = new Subscription();
    broker = await start(open);
  });
  afterEach(() => open.unsubscribe());

  const listening = (...topics: string[]) => listener(open, broker, ...topics);
  const retained = async (topic: string, count: number): Promise<Heard[]> =>
    (await listening(topic)).take(count);

  /** Runs a bridge, until it has published everything. */
  async function bridged(): Promise<BehaviorSubject<readonly BridgedModem[]>> {
    const states = await listening('modem/#');
    const modems$ = new BehaviorSubject<readonly BridgedModem[]>([MODEM]);
    const options = { agent: 'roof-1' };
    open.add(mqttBridge(modems$, { url: broker.url, ...userOf('roof-1') }, options).subscribe());
    await states.take(STATES);
    return modems$;
  }

  /** Connects as an agent. */
  async function connected(
    name: string,
    options: Parameters<typeof connectAsync>[1] = {},
  ): Promise<MqttClient> {
    const client = await connectAsync(broker.url, { ...userOf(name), reconnectPeriod: 0, ...options });
    open.add(() => client.end(true));
    return client;
  }

  test('retains discovery, state and availability', async () => {
    await bridged();
    const discovery = await retained('homeassistant/#', ENTITIES);
    expect(discovery.map(({ isRetained }) => isRetained)).toEqual(Array(ENTITIES).fill(true));
    const config = JSON.parse(discovery.find(({ topic }) => topic === SIGNAL)?.payload ?? '');
    expect(config).toMatchObject({ state_topic: STATE, device_class: 'signal_strength', expire_after: 60 });
    const [state] = await retained(config.state_topic, 1);
    expect(JSON.parse(state?.payload ?? '')).toMatchObject({ online: 'ON', signal_dbm: -67 });
    for (const { topic } of config.availability) {
      expect(await retained(topic, 1)).toEqual([{ isRetained: true, topic, payload: 'online' }]);
    }
  });

  test('publishes changes, and deletes what was retained of a modem that is gone', async () => {
    const modems$ = await bridged();
    const states = await listening(STATE);
    await states.take(1);
    modems$.next([{ ...MODEM, signalDbm: -99 }]);
    modems$.next([{ ...MODEM, signalDbm: -98 }]);
    const [changed] = await states.take(1);
    expect(changed?.isRetained).toBe(false);
    expect(JSON.parse(changed?.payload ?? '').signal_dbm).toBe(-98);
    const discovery = await listening('homeassistant/#');
    await discovery.take(ENTITIES);
    modems$.next([]);
    expect((await discovery.take(ENTITIES)).map(({ payload }) => payload)).toEqual(Array(ENTITIES).fill(''));
  });

  test.each(['SIGKILL', 'SIGTERM'] as const)('marks an agent offline that ends by %s', async (signal) => {
    const availability = await listening(AVAILABILITY);
    const paths = ['../../../../tools/start.mjs', '../../test/bridge-process.ts'].map((path) =>
      fileURLToPath(new URL(path, import.meta.url)),
    );
    const args = ['--conditions=@a7600/source', ...paths, broker.url, 'roof-1'];
    const child = spawn(...endingWithParent(process.execPath, args), { stdio: 'inherit' });
    open.add(() => child.kill('SIGKILL'));
    expect(await availability.take(1)).toMatchObject([{ payload: 'online' }]);
    child.kill(signal);
    expect(await availability.take(1)).toMatchObject([{ isRetained: false, payload: 'offline' }]);
    expect(await retained(AVAILABILITY, 1)).toMatchObject([{ isRetained: true, payload: 'offline' }]);
  });

  test('publishes everything again to a broker that was killed', async () => {
    await bridged();
    await broker.restart();
    const states = await retained('modem/#', STATES);
    expect(states.map(({ topic }) => topic)).toContain(STATE);
    expect(await retained('homeassistant/#', ENTITIES)).toHaveLength(ENTITIES);
  });

  test('a forged will, state or discovery of another agent changes nothing', async () => {
    await bridged();
    const all = await listening('modem/#', 'homeassistant/#');
    const before = await all.take(STATES + ENTITIES);
    const liar = await connected('roof-2', {
      will: { topic: AVAILABILITY, payload: Buffer.from('forged'), qos: 1, retain: true },
    });
    for (const topic of [AVAILABILITY, STATE, SIGNAL])
      liar.publish(topic, 'forged', { qos: 0, retain: true });
    // The broker has come to all of them when it acknowledges what the liar may do.
    await liar.publishAsync('modem/roof-2/availability', 'first', { qos: 1, retain: true });
    const gone = new Promise<void>((resolve) => liar.once('close', resolve));
    liar.stream.destroy();
    await gone;
    const honest = await connected('roof-2');
    await honest.publishAsync('modem/roof-2/availability', 'last', { qos: 1, retain: true });
    const heard = await all.take(2);
    expect(heard.map(({ payload }) => payload)).toEqual(['first', 'last']);
    const after = await (await listening('modem/#', 'homeassistant/#')).take(before.length + 1);
    expect(after.filter(({ topic }) => !topic.includes('roof-2')).sort(byTopic)).toEqual(
      before.sort(byTopic),
    );
  });

  test('refuses a client without a user', async () => {
    await expect(connectAsync(broker.url, { reconnectPeriod: 0 })).rejects.toThrow(/[Nn]ot authorized/);
  });
});

function byTopic(one: Heard, other: Heard): number {
  return one.topic < other.topic ? -1 : 1;
}

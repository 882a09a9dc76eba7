import { emulator } from '@a7600/testing';
import { hostNetwork } from '@a7600/testing/node';
import {
  connect as connectDirectly,
  type IClientOptions,
  MqttClient,
  type MqttClientEventCallbacks,
} from 'mqtt';
import { filter, firstValueFrom, Subscription } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mqttClient } from '../../examples/mqtt-client.js';
import { makeCertificates } from '../../test/certificates.js';
import { type Online, online, type StayingOnline, stayingOnline } from '../../test/online.js';
import { mosquitto, type Program } from '../../test/programs.js';
import { modemConnect } from './modem-connect.js';

let open = new Subscription();
beforeEach(() => {
  open = new Subscription();
});
afterEach(() => open.unsubscribe());

/** A client of this computer's own network, to see what the broker has. */
async function observer({ host, port }: Program, topic: string): Promise<string[]> {
  const client = connectDirectly({ host, port });
  const heard: string[] = [];
  client.on('message', (_, payload) => heard.push(String(payload)));
  await client.subscribeAsync(topic, { qos: 2 });
  open.add(() => void client.end(true));
  return heard;
}

/** The next event of a client. */
function next<Event extends keyof MqttClientEventCallbacks>(
  client: MqttClient,
  event: Event,
): Promise<Parameters<MqttClientEventCallbacks[Event]>> {
  return new Promise((resolve) => {
    const listen = (...args: Parameters<MqttClientEventCallbacks[Event]>) => resolve(args);
    client.once(event, listen as MqttClientEventCallbacks[Event]);
  });
}

/** Resolves once a list has so many entries. */
async function filled(list: readonly string[], count: number): Promise<readonly string[]> {
  while (list.length < count) await new Promise((resolve) => setImmediate(resolve));
  return list;
}

describe.each([
  ['in process', false],
  ['over a pseudo-terminal and a real serial port', true],
])('mqtt.js and mosquitto, %s', (_, pty) => {
  let broker: Program;
  let modem: Online;
  beforeEach(async () => {
    broker = await mosquitto(open);
    modem = await online({ pty });
  });
  afterEach(() => modem.close());

  const client = async (options: IClientOptions = {}, where = broker) => {
    const made = new MqttClient(modemConnect(modem.net).mqtt(where), options);
    await next(made, 'connect');
    return made;
  };

  test('connect, publish and end are at most three sends', async () => {
    const heard = await observer(broker, 'meter/1');
    const publisher = new MqttClient(modemConnect(modem.net).mqtt(broker), {});
    await publisher.publishAsync('meter/1', '42');
    await publisher.endAsync();
    expect(await filled(heard, 1)).toEqual(['42']);
    expect(modem.sends()).toBeLessThanOrEqual(3);
  });

  test.each([0, 1, 2] as const)('messages of QoS %i come and go', async (qos) => {
    const [one, two] = [await client(), await client()];
    const heard: string[] = [];
    two.on('message', (topic, payload, { qos: with_ }) => heard.push(`${topic} ${payload} ${with_}`));
    await two.subscribeAsync('greetings/#', { qos });
    for (const word of ['good', 'morning']) await one.publishAsync('greetings/all', word, { qos });
    expect(await filled(heard, 2)).toEqual([`greetings/all good ${qos}`, `greetings/all morning ${qos}`]);
    await Promise.all([one.endAsync(), two.endAsync()]);
  });

  test('a large message comes back whole', async () => {
    const one = await client();
    await one.subscribeAsync('blob');
    const blob = Buffer.from(Uint8Array.from({ length: 200_000 }, (_, at) => (at * 7 + (at >> 8)) % 256));
    const back = next(one, 'message');
    await one.publishAsync('blob', blob, { qos: 1 });
    expect(blob.equals((await back)[1])).toBe(true);
    await one.endAsync();
  });

  test('the will of a client that breaks off is published', async () => {
    const heard = await observer(broker, 'state');
    const dying = await client({
      will: { topic: 'state', payload: Buffer.from('gone'), qos: 1, retain: false },
    });
    dying.stream.destroy();
    dying.end(true);
    expect(await filled(heard, 1)).toEqual(['gone']);
  });

  test('a broker that goes away closes the client, which comes back to the next one', async () => {
    const survivor = await client({ reconnectPeriod: 50 });
    const closed = next(survivor, 'close');
    broker.process.kill('SIGKILL');
    await closed;
    // No broker listens: the error that a real socket gives.
    expect((await next(survivor, 'error'))[0]).toMatchObject({ code: 'ECONNREFUSED', syscall: 'connect' });
    survivor.end(true);
  });
});

describe('with TLS', () => {
  test('mosquitto sees the certificate of the client; a reconnection resumes the session', async () => {
    const certificates = await makeCertificates();
    const broker = await mosquitto(open, certificates);
    const modem = await online();
    const tls = { ca: certificates.ca, ...certificates.client };
    const client = new MqttClient(modemConnect(modem.net).mqtt({ ...broker, tls }), { reconnectPeriod: 20 });
    const handshake = async () => {
      await next(client, 'connect');
      await client.publishAsync('topic', 'payload', { qos: 1 });
      return modem.wire.toModule + modem.wire.toHost;
    };
    const first = await handshake();
    const before = first;
    client.stream.destroy();
    const second = (await handshake()) - before;
    expect(second).toBeLessThan(first);
    await client.endAsync();
    await modem.close();
  });
});

describe('when things break', () => {
  const MESSAGES = Array.from({ length: 200 }, (_, index) => `message ${index}`);

  /**
   * Publishes at QoS 1: one half while `disturb` is called, the other while the connection is away.
   * Gives what arrived.
   */
  async function publishWhile(modem: StayingOnline, disturb: () => void): Promise<readonly string[]> {
    const broker = await mosquitto(open);
    const heard = await observer(broker, 'log');
    const client = new MqttClient(modemConnect(modem.networks$).mqtt(broker), {
      reconnectPeriod: 20,
      clean: false,
      clientId: 'device',
    });
    // What the outage means is tested below; here it is only survived.
    client.on('error', () => {});
    await next(client, 'connect');
    let reconnections = 0;
    client.on('connect', () => reconnections++);
    const closed = next(client, 'close');
    let acknowledged = 0;
    const publish = async (message: string) => {
      await client.publishAsync('log', message, { qos: 1 });
      acknowledged += 1;
      if (acknowledged === 50) disturb();
    };
    const first = MESSAGES.slice(0, 100).map(publish);
    await closed;
    await Promise.all([...first, ...MESSAGES.slice(100).map(publish)]);
    await filled(heard, MESSAGES.length);
    await client.endAsync();
    expect(reconnections).toBeGreaterThan(0);
    return heard;
  }

  test.each([
    ['the bearer is lost', (modem: StayingOnline) => modem.module.control.loseBearer(100)],
    ['the module restarts', (modem: StayingOnline) => modem.module.control.restart()],
  ])('%s: mqtt.js comes back and nothing is lost at QoS 1', async (_, disturb) => {
    const modem = await stayingOnline();
    const heard = await publishWhile(modem, () => disturb(modem));
    // QoS 1 is at least once.
    expect([...new Set(heard)].sort()).toEqual([...MESSAGES].sort());
    await modem.close();
  });
});

test('the client of the README goes on with the network that follows a lost one', async () => {
  const { host, port } = await mosquitto(open);
  const module = emulator({ network: hostNetwork() });
  const client = mqttClient(module, host, port);
  await next(client, 'connect');
  const again = next(client, 'connect');
  module.control.loseBearer(50);
  await again;
  await client.endAsync();
  await firstValueFrom(module.control.events$.pipe(filter(() => !module.control.networkOpen)));
});

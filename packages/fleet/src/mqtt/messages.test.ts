import { expect, test } from 'vitest';
import { MODEM } from '../../test/modem.js';
import { messagesOf } from './messages.js';

const OPTIONS = { agent: 'ROOF-17', base: 'modem', discoveryPrefix: 'homeassistant', expireAfter: 60 };

const { topics, discovery, state } = messagesOf(OPTIONS);

/** What the tests read of Home Assistant's configuration of an entity. */
interface Config {
  readonly value_template: string;
  readonly availability: readonly { readonly topic: string }[];
}

const parsed = (messages: ReturnType<typeof discovery>) =>
  new Map(messages.map(({ topic, payload }) => [topic, JSON.parse(payload) as Config]));

// The keys are those of Home Assistant's documentation of MQTT discovery and of its MQTT sensor.
test('configures the sensor of the signal strength as Home Assistant wants it', () => {
  const config = parsed(discovery([MODEM])).get('homeassistant/sensor/a7600-ROOF-17/east_signal/config');
  expect(config).toEqual({
    name: 'Signal strength',
    unique_id: 'a7600_ROOF-17_east_signal',
    object_id: 'a7600_ROOF-17_east_signal',
    state_topic: 'modem/ROOF-17/east/state',
    value_template: '{{ value_json.signal_dbm }}',
    availability: [{ topic: 'modem/ROOF-17/availability' }, { topic: 'modem/ROOF-17/east/availability' }],
    availability_mode: 'all',
    expire_after: 60,
    entity_category: 'diagnostic',
    device_class: 'signal_strength',
    unit_of_measurement: 'dBm',
    state_class: 'measurement',
    device: {
      identifiers: ['a7600_ROOF-17_east'],
      name: 'ROOF-17 east',
      manufacturer: 'SIMCom',
      model: 'A7670E',
      sw_version: 'A011B04A7670M7',
      serial_number: '861234567890123',
    },
    origin: { name: 'a7600' },
  });
});

test('every entity reads a field that the state message has', () => {
  const [first] = state([{ name: 'east', online: false, state: 'waiting' }]);
  const fields = Object.keys(JSON.parse(first?.payload ?? ''));
  for (const config of parsed(discovery([MODEM])).values()) {
    const [, field] = /^\{\{ value_json\.(\w+) \}\}$/.exec(config.value_template) ?? [];
    expect(fields).toContain(field);
  }
});

test('what says that a modem is away stays available while it is away', () => {
  const configs = parsed(discovery([MODEM]));
  const availability = (component: string, entity: string) => {
    const config = configs.get(topics.discovery(component, MODEM.name, entity));
    return config?.availability.length;
  };
  expect(availability('binary_sensor', 'online')).toBe(1);
  expect(availability('sensor', 'last_error')).toBe(1);
  expect(availability('sensor', 'operator')).toBe(2);
});

test('the state of a modem', () => {
  expect(state([MODEM])).toEqual([
    {
      topic: 'modem/ROOF-17/east/state',
      payload:
        '{"online":"ON","state":"online","signal_dbm":-67,"operator":"Telekom.de","links":2,' +
        '"sent":1024,"received":4096,"last_error":null}',
    },
    { topic: 'modem/ROOF-17/east/availability', payload: 'online' },
  ]);
});

test('what is not known is null, which Home Assistant shows as unknown', () => {
  const [message, availability] = state([{ name: 'west', online: false, state: 'opening' }]);
  expect(JSON.parse(message?.payload ?? '')).toEqual({
    online: 'OFF',
    state: 'opening',
    signal_dbm: null,
    operator: null,
    links: null,
    sent: null,
    received: null,
    last_error: null,
  });
  expect(availability?.payload).toBe('offline');
});

test('a long error is cut between characters at the 255 that Home Assistant takes', () => {
  const [message] = state([{ ...MODEM, lastError: '😀'.repeat(300) }]);
  expect(JSON.parse(message?.payload ?? '').last_error).toBe('😀'.repeat(255));
});

test.each([
  ['an agent with a slash', { agent: 'a/b' }],
  ['an agent with a wildcard', { agent: '+' }],
  ['an agent with a dot, on which nats-server drops the connection', { agent: 'roof.17' }],
  ['an agent without a name', { agent: '' }],
  ['an agent with a letter that Home Assistant refuses', { agent: 'Dächer' }],
  ['a base topic with an empty level', { base: 'a//b' }],
  ['a base topic with all topics', { base: '#' }],
  ['a discovery prefix with a blank', { discoveryPrefix: 'home assistant' }],
])('refuses %s', (_, wrong) => {
  expect(() => messagesOf({ ...OPTIONS, ...wrong })).toThrow(/cannot be part of a subject/);
});

test('refuses a modem whose name would be another topic', () => {
  expect(() => state([{ ...MODEM, name: '1/availability' }])).toThrow(/INVALID|cannot be part/);
});

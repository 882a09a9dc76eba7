import { expect, test } from 'vitest';
import { type ServerConfigurationOptions, serverConfiguration } from './configuration.js';

const keyOf = (letter: string) => `U${letter.repeat(55)}`;

const OPTIONS: ServerConfigurationOptions = {
  storeFolder: '/var/lib/nats',
  agents: [
    { name: 'roof-1', nkey: keyOf('A') },
    { name: 'roof-2', password: '$2a$11$hash' },
  ],
  controllers: [{ name: 'desk', nkey: keyOf('B') }],
  administrators: [{ name: 'root', nkey: keyOf('C') }],
};

const read = (options: Partial<ServerConfigurationOptions> = {}) =>
  JSON.parse(serverConfiguration({ ...OPTIONS, ...options }));

test('has every user in an account, with the permissions of its role', () => {
  const { authorization, no_auth_user, accounts } = read({ viewers: [{ name: 'wall', password: 'x' }] });
  expect([authorization, no_auth_user]).toEqual([undefined, undefined]);
  expect(Object.keys(accounts)).toEqual(['FLEET']);
  const [roof1, roof2, desk, wall, root] = accounts.FLEET.users;
  expect(roof1.nkey).toBe(keyOf('A'));
  expect(roof1.permissions.publish.allow.slice(0, 2)).toEqual(['a7600.v1.roof-1.>', '$KV.A7600.roof-1.>']);
  expect(roof2).toMatchObject({ user: 'roof-2', password: '$2a$11$hash' });
  expect(desk.permissions.subscribe.allow).toContain(`_INBOX_${keyOf('B')}.>`);
  expect(wall.permissions.subscribe.allow).toContain('_INBOX_wall.>');
  expect(root.permissions).toBeUndefined();
});

test('permits administrators alone a subject that creates a consumer', () => {
  const { accounts } = read({ viewers: [{ name: 'wall', password: 'x' }] });
  const limited = accounts.FLEET.users.filter(
    (user: { permissions?: unknown }) => user.permissions !== undefined,
  );
  expect(limited).toHaveLength(4);
  const published = limited.flatMap(
    (user: { permissions: { publish: { allow: string[] } } }) => user.permissions.publish.allow,
  );
  expect(
    published.filter((subject: string) => /^(\$JS\.API\.>|>|.*CONSUMER|.*STREAM\.(?!INFO))/.test(subject)),
  ).toEqual([]);
});

test('has an account of its own for MQTT, whose users speak nothing else', () => {
  const users = { agents: [{ name: 'roof-1', password: 'a' }], readers: [{ name: 'home', password: 'b' }] };
  const { mqtt, accounts } = read({
    mqtt: { listen: '127.0.0.1:1883', ...users },
    tls: { certFile: 'c.pem', keyFile: 'k.pem' },
  });
  expect(mqtt).toEqual({ listen: '127.0.0.1:1883', tls: { cert_file: 'c.pem', key_file: 'k.pem' } });
  const [roof, home] = accounts.HOME.users;
  expect(roof).toEqual({
    user: 'roof-1',
    password: 'a',
    allowed_connection_types: ['MQTT'],
    permissions: {
      publish: { allow: ['modem.roof-1.>', 'homeassistant.*.a7600-roof-1.>'] },
      subscribe: { deny: ['>'] },
    },
  });
  expect(home.permissions.publish).toEqual({ deny: ['>'] });
});

test.each<[what: string, options: Partial<ServerConfigurationOptions>, message: RegExp]>([
  ['a name with a dot', { agents: [{ name: 'roof.1', password: 'x' }] }, /cannot be part of a subject/],
  ['a name that is a wildcard', { agents: [{ name: '>', password: 'x' }] }, /cannot be part of a subject/],
  [
    'a seed in place of a key',
    { agents: [{ name: 'a', nkey: `SU${'A'.repeat(56)}` }] },
    /is not the public key/,
  ],
  ['a user without a secret', { agents: [{ name: 'a' }] }, /needs either a public key or a password/],
  ['a name twice', { viewers: [{ name: 'roof-1', nkey: keyOf('D') }] }, /two users roof-1/],
  ['a key twice', { viewers: [{ name: 'wall', nkey: keyOf('A') }] }, /two users UA/],
])('refuses %s', (_, options, message) => {
  expect(() => serverConfiguration({ ...OPTIONS, ...options })).toThrow(message);
});

test('a seed never reaches a message', () => {
  const seed = `SU${'A'.repeat(56)}`;
  expect(() => serverConfiguration({ ...OPTIONS, agents: [{ name: 'a', nkey: seed }] })).toThrow(
    new RegExp(`^(?!.*${seed})`),
  );
});

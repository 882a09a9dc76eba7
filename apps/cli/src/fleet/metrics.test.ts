import type { FleetAgent, FleetEntry } from '@a7600/fleet';
import { expect, test } from 'vitest';
import { fleetMetrics } from './metrics.js';

const EAST: FleetEntry = {
  id: 'ROOF-17/east',
  agent: 'ROOF-17',
  name: 'east',
  presence: 'present',
  state: 'online',
  imei: '861234567890123',
  identity: { model: 'A7670E', revision: 'A011B04A7670M7' },
  signal: { rssi: -67, ber: 0 },
  links: [],
  traffic: { sent: 5, received: 7 },
};
const ROOF: FleetAgent = { name: 'ROOF-17', presence: 'present', instance: 'x', dropped: 2 };

async function samples(
  modems: readonly FleetEntry[],
  agents: readonly FleetAgent[] = [ROOF],
): Promise<string[]> {
  const text = await fleetMetrics(() => ({ agents, modems })).metrics();
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

test('has a sample for each modem and agent', async () => {
  expect(await samples([EAST])).toEqual([
    'a7600_agent_up{agent="ROOF-17"} 1',
    'a7600_agent_events_dropped_total{agent="ROOF-17"} 2',
    'a7600_up{agent="ROOF-17",modem="east"} 1',
    'a7600_modem_info{agent="ROOF-17",modem="east",imei="861234567890123",model="A7670E",firmware="A011B04A7670M7"} 1',
    'a7600_signal_dbm{agent="ROOF-17",modem="east"} -67',
    'a7600_links{agent="ROOF-17",modem="east"} 0',
    'a7600_traffic_bytes_total{agent="ROOF-17",modem="east",direction="sent"} 5',
    'a7600_traffic_bytes_total{agent="ROOF-17",modem="east",direction="received"} 7',
  ]);
});

test('a modem without its agent is down, and nothing else is said of it', async () => {
  const lines = await samples([{ ...EAST, presence: 'gone' }], [{ ...ROOF, presence: 'gone' }]);
  expect(lines).toContain('a7600_agent_up{agent="ROOF-17"} 0');
  expect(lines).toContain('a7600_up{agent="ROOF-17",modem="east"} 0');
  expect(lines.filter((line) => /signal|links/.test(line))).toEqual([]);
});

test('while the server is away, a modem is neither up nor down', async () => {
  const lines = await samples([{ ...EAST, presence: 'unknown' }], [{ ...ROOF, presence: 'unknown' }]);
  expect(lines.filter((line) => /_up|signal|links/.test(line))).toEqual([]);
});

test('a modem that waits is down', async () => {
  expect(await samples([{ ...EAST, state: 'waiting' }])).toContain(
    'a7600_up{agent="ROOF-17",modem="east"} 0',
  );
});

test('a scrape forgets what the scrape before had', async () => {
  let modems: readonly FleetEntry[] = [EAST];
  const registry = fleetMetrics(() => ({ agents: [], modems }));
  const first = await registry.metrics();
  modems = [{ ...EAST, traffic: { sent: 6, received: 7 } }];
  expect((await registry.metrics()).replace('direction="sent"} 6', 'direction="sent"} 5')).toBe(first);
  modems = [];
  expect(await registry.metrics()).not.toContain('east');
});

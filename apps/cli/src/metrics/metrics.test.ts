import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { OnlineNetwork } from '@a7600/tcpip';
import { ModemSocket, withDiagnostics } from '@a7600/tcpip/node';
import { emulator } from '@a7600/testing';
import { hostNetwork } from '@a7600/testing/node';
import { filter, firstValueFrom, Subscription } from 'rxjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { held, listening, serving } from '../../../../packages/tcpip/test/online.js';
import { currentNetwork } from '../connection/current-network.js';
import { metricsOf } from './registry.js';
import { metricsServer } from './server.js';

let open = new Subscription();
beforeEach(() => {
  open = new Subscription();
});
afterEach(() => open.unsubscribe());

async function started() {
  const module = emulator({ network: hostNetwork() });
  const { source, current$ } = await held(
    open,
    currentNetwork(module, { modem: withDiagnostics(), reconnect: { firstDelay: 20 }, levels: ['link'] }),
  );
  const { registry, stop } = metricsOf(current$);
  open.add(stop);
  const network = await firstValueFrom(source);
  const value = async (line: string) => {
    const found = (await registry.metrics()).split('\n').find((each) => each.startsWith(`${line} `));
    return found === undefined ? undefined : Number(found.slice(line.length + 1));
  };
  return { module, network, current$, registry, value };
}

test('counts payload, commands, links and outages', async () => {
  const { module, network, current$, value } = await started();
  const { port } = await serving(open, (socket) => socket.pipe(socket));
  const socket = new ModemSocket(network).connect(port, '127.0.0.1');
  socket.write('hello');
  await once(socket, 'data');
  expect(await value('a7600_up')).toBe(1);
  expect(await value('a7600_links{state="open"}')).toBe(1);
  expect(await value('a7600_payload_bytes_total{direction="sent"}')).toBe(5);
  expect(await value('a7600_payload_bytes_total{direction="received"}')).toBe(5);
  expect(await value('a7600_signal_dbm')).toBe(2 * 23 - 113);
  expect(await value('a7600_command_seconds_count{command="+CIPSEND",result="ok"}')).toBe(1);
  expect(await value('a7600_outages_total')).toBe(0);

  const isLost = (net: OnlineNetwork | undefined) => net === undefined;
  const lost = firstValueFrom(current$.pipe(filter(isLost)));
  module.control.loseBearer(50);
  socket.on('error', () => {});
  await lost;
  expect(await value('a7600_up')).toBe(0);
  expect(await value('a7600_outages_total')).toBe(1);
  expect(await value('a7600_links{state="open"}')).toBeUndefined();
  await firstValueFrom(current$.pipe(filter((net) => !isLost(net))));
  expect(await value('a7600_up')).toBe(1);
  expect(await value('a7600_payload_bytes_total{direction="sent"}')).toBe(5);
});

test.each([
  ['Prometheus', '/metrics', {}, 200],
  ['localhost', '/metrics', { Host: 'localhost:9100' }, 200],
  ['IPv6', '/metrics', { Host: '[::1]:9100' }, 200],
  ['another path', '/', {}, 404],
  ['a web page', '/metrics', { Origin: 'https://example.com' }, 403],
  ['a name that leads here (DNS rebinding)', '/metrics', { Host: 'evil.example:9100' }, 403],
  ['a name that begins like this computer', '/metrics', { Host: '127.0.0.1.evil.example' }, 403],
])('%s', async (_, path, headers, status) => {
  const { registry } = await started();
  const server = metricsServer(registry);
  const port = await listening(server);
  open.add(() => server.close());
  const sent = request({ host: '127.0.0.1', port, path, headers });
  sent.end();
  const [response] = await once(sent, 'response');
  const body = await text(response);
  expect([response.statusCode, body.includes('a7600_up')]).toEqual([status, status === 200]);
});

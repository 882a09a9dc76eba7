import { expect, test } from 'vitest';
import { observe, openNetwork, world, write } from '../../test/world.js';
import type { TraceEntry } from './trace.js';

test('the trace shows the dialogue and nothing of its owner', () => {
  const secrets = ['private.apn', '4321', 'secret.example', 'hunter2', '862636050000019'];
  const entries: TraceEntry[] = [];
  const w = world({}, { trace: (entry) => entries.push(entry) });
  w.outside.serve('10.3.0.1', 80).subscribe((connection) => {
    connection.received$.subscribe(() => connection.write('hunter2').subscribe());
  });
  const network = openNetwork(w, { apn: 'private.apn' });
  w.advance(5_000);
  w.module.control.faults.next('lostLine', { line: /^OK/ });
  observe(network.modem.last.raw('AT+CSQ'));
  w.advance(30_000);
  observe(network.modem.last.raw('AT+CLCK="SC",1,"4321"'));
  const socket = observe(network.last.connect({ host: '10.3.0.1', port: 80 }));
  w.advance(1_000);
  observe(socket.last.received$);
  write(socket.last, 'hunter2');
  w.advance(1_000);
  const log = entries.map(({ line }) => line).join('\n');
  for (const secret of [...secrets, '10.3.0.1']) expect(log).not.toContain(secret);
  expect(log).toContain('> AT+NETOPEN\n');
  expect(log).toContain('< +NETOPEN: 0\n');
  expect(log).toMatch(/> AT\+CIPOPEN=9,"TCP","█+",80/);
  expect(log).toContain('> (7 bytes of payload)');
  expect(log).toMatch(/! unansweredCommands: 1\n/);
  expect(log).toMatch(/< \+CIPRXGET: 2,9,7,0\n< \(payload, 7 bytes\)/);
});

test('where the modem has two ports, each step names its own', () => {
  const entries: TraceEntry[] = [];
  const w = world({ ports: ['at', 'at'] }, { trace: (entry) => entries.push(entry) }, ({ module }) => {
    const [control = module, data = module] = module.ports;
    return { control, data };
  });
  const network = openNetwork(w, { transparent: true });
  w.outside.serve('10.3.0.1', 80).subscribe();
  observe(network.last.transparent({ host: '10.3.0.1', port: 80 }));
  w.advance(1_000);
  const lines = entries.map(({ line }) => line);
  expect(lines).toContain('control > AT+NETOPEN');
  expect(lines.filter((line) => line.includes('CIPOPEN=')).every((line) => line.startsWith('data > '))).toBe(
    true,
  );
  expect(lines).toContain('data > AT');
  expect(entries.every(({ port, line }) => line.startsWith(`${port} `))).toBe(true);
});

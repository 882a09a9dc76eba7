import type { VirtualModule } from '@a7600/testing';
import { moduleFixture } from '@a7600/testing/vitest';
import { test as base, expect } from 'vitest';
import { sendReading } from './send-reading.js';

const test = base.extend<{ module: VirtualModule }>({ module: moduleFixture() });

test('a reading arrives', ({ module: { network, run, transport, scheduler } }) => {
  const received: string[] = [];
  network.serve('example.com', 4000).subscribe((client) => {
    client.received$.subscribe((bytes) => received.push(new TextDecoder().decode(bytes)));
  });
  run(sendReading(transport, 21.5, scheduler));
  expect(received.join('')).toBe('21.5\n');
});

test('without a server, it fails with a code', ({ module: { run, transport, scheduler } }) => {
  expect(() => run(sendReading(transport, 21.5, scheduler))).toThrow(
    expect.objectContaining({ code: 'NAME_NOT_FOUND' }),
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onVirtualModule } from '@a7600/testing';
import { sendReading } from './send-reading.js';

/** Answers come late, and are cut: both are legal, and lose nothing. */
const faults = { conditions: 0.2 };

test(
  'a reading arrives over a slow, chatty line',
  onVirtualModule(
    ({ network, run, transport, scheduler }) => {
      const received: string[] = [];
      network.serve('example.com', 4000).subscribe((client) => {
        client.received$.subscribe((bytes) => received.push(new TextDecoder().decode(bytes)));
      });
      run(sendReading(transport, 21.5, scheduler));
      assert.equal(received.join(''), '21.5\n');
    },
    { faults },
  ),
);

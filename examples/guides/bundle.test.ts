import { readFileSync } from 'node:fs';
import { onBundle } from '@a7600/testing';
import { test } from 'vitest';
import { ask } from './ask.js';

const bundle = readFileSync(new URL('../../docs/program/no-apn.jsonl', import.meta.url), 'utf8');

// It fails until the program copes with that modem. Vitest then says so, and `.fails` can go.
test.fails(
  'a question reaches the server over the modem of the report',
  onBundle(bundle, ({ transport, scheduler }) => ask(transport, 'hello', scheduler)),
);

// Starts one program of each kind that the tests start, says so, and goes on for ever.
import { Subscription } from 'rxjs';
import { part } from '../../bench/bundled.js';
import { listener, mosquittoBroker } from '../brokers.js';
import { bundle } from './bundle.js';
import { natsServer, program, ready } from './programs.js';

const open = new Subscription();
const server = await natsServer(open);
await ready(open, server.url);
const broker = await mosquittoBroker(open);
await listener(open, broker, 'modem/#');
const agent = program(
  open,
  await bundle(open, new URL('agent.ts', import.meta.url)),
  server.url,
  'ROOF-1',
  '1',
);
await part(open, 'watcher.ts', server.url);
// One that cannot do anything about its end itself.
agent.process.kill('SIGSTOP');
console.log('started');

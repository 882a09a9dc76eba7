// Writes version-1.0.jsonl: what passes between an agent and a controller, in virtual time. It is written once for
// each minor version and then never changed: `replay.test.ts` reads it with the code of today.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { csq } from '@a7600/at-codec';
import { fleetWorld, observe } from '../world.js';

const w = fleetWorld();
w.agent('ROOF-17', ['east']);
const controller = w.controller();
w.advance(3_000);
const fleet = controller.observed.last;
const modem = fleet.modem('ROOF-17/east');
observe(modem.run(csq()));
observe(modem.raw('AT+CSQ'));
observe(modem.raw('ATE0'));
w.advance(200);
const lease = observe(modem.lease({ holder: 'desk' }));
w.advance(200);
observe(lease.last.raw('ATE0'));
const accepted = observe(w.outside.serve('example.com', 80));
const sockets = observe(modem.connect({ host: 'example.com', port: 80 }));
w.advance(1_000);
observe(sockets.last.received$);
observe(accepted.last.received$);
observe(sockets.last.write('GET / HTTP/1.0\r\n\r\n'));
observe(accepted.last.write('HTTP/1.0 204 No Content\r\n\r\n'));
w.advance(1_000);
observe(accepted.last.close());
w.advance(1_000);
const lines = w.server.passed.map(({ subject, data, headers }) =>
  JSON.stringify({ subject, headers, data: Buffer.from(data).toString('base64') }),
);
writeFileSync(join(import.meta.dirname, 'version-1.0.jsonl'), `${lines.join('\n')}\n`);

// Writes what passes over the line of an emulated module whose network has no example.com:
// npm run -s example examples/guides/record-session.ts > refused.recording
import { virtualModule } from '@a7600/testing';
import { record } from '@a7600/transport/recording';
import { catchError, EMPTY, map } from 'rxjs';
import { ask } from './ask.js';

const { run, scheduler, transport } = virtualModule({ seed: 1 });
const recorded = transport.pipe(
  map((link) => record(link, (line) => process.stdout.write(line), { redact: false, scheduler })),
);
run(ask(recorded, 'hello', scheduler).pipe(catchError(() => EMPTY)));

import { a7600, decodeAt } from '@a7600/at-codec';
import { from } from 'rxjs';

const encoder = new TextEncoder();

/** What a module prints, in two chunks, with a payload that looks like the protocol. */
const bytes$ = from([
  encoder.encode('\r\n+CLIENT: 0,1,192.168.108.5:57202\r\n\r\n+IPD8\r\n\r\nOK\r'),
  encoder.encode('\n:)\r\n+IPCLOSE: 0,1\r\n'),
]);

bytes$.pipe(decodeAt(a7600)).subscribe((event) => {
  if (event.kind === 'urc') console.log(event.name, event.urc?.read(event));
  if (event.kind === 'payload') console.log(`${event.raw.length} bytes, ${event.remaining} to come`);
});

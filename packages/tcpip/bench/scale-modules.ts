// Emulated modules, one for each connection to a port of loopback, in a process of its own: what they and the hosts
// that they talk to cost is not counted.
import { type AddressInfo, createServer } from 'node:net';
import { emulator, memoryNetwork } from '@a7600/testing';
import { bridge } from '@a7600/transport';
import { fromDuplex } from '@a7600/transport/node';
import { mergeMap, switchMap } from 'rxjs';
import { ECHO } from './echo.js';

const server = createServer({ noDelay: true, pauseOnConnect: true }, (socket) => {
  const network = memoryNetwork();
  network
    .serve(ECHO.host, ECHO.port)
    .pipe(mergeMap((client) => client.received$.pipe(mergeMap((bytes) => client.write(bytes)))))
    .subscribe({ error: () => {} });
  emulator({ network })
    .pipe(switchMap((module) => bridge(fromDuplex(socket), module)))
    .subscribe({ error: () => {} });
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit());

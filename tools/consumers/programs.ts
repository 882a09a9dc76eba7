/** Programs that use the packed packages, and end with "done". Each works in one way of its own. */
export const PROGRAMS: Readonly<Record<string, string>> = {
  'emulator and sockets, in memory': `
    import { modem } from '@a7600/tcpip';
    import { emulator, memoryNetwork } from '@a7600/testing';
    import { through } from '@a7600/transport';
    import { first, of, switchMap } from 'rxjs';
    const network = memoryNetwork();
    network.serve('example.com', 80).subscribe((client) => {
      client.received$.subscribe((bytes) => client.write(bytes).subscribe());
    });
    modem(emulator({ network })).pipe(
      switchMap((m) => m.network()),
      switchMap((net) => net.connect({ host: 'example.com', port: 80 })),
      switchMap((socket) => of('done').pipe(through(socket))),
      first(),
    ).subscribe((bytes) => console.log(new TextDecoder().decode(bytes)));
  `,
  'a TCP port as the line': `
    import { modem } from '@a7600/tcpip';
    import { emulator } from '@a7600/testing';
    import { onTcp } from '@a7600/testing/node';
    import { tcp } from '@a7600/transport/tcp';
    import { first, switchMap } from 'rxjs';
    const life = onTcp(emulator(), { port: 0 }).pipe(
      switchMap(({ port }) => modem(tcp({ host: '127.0.0.1', port }))),
      switchMap((m) => m.network()),
      first(),
    ).subscribe(() => console.log('done'));
  `,
  'node:http over the modem': `
    import http from 'node:http';
    import { once } from 'node:events';
    import { modem } from '@a7600/tcpip';
    import { modemConnect } from '@a7600/tcpip/node';
    import { emulator } from '@a7600/testing';
    import { hostNetwork } from '@a7600/testing/node';
    import { switchMap } from 'rxjs';
    const server = http.createServer((_, response) => response.end('done')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const life = modem(emulator({ network: hostNetwork() })).pipe(switchMap((m) => m.network())).subscribe((net) => {
      const { port } = server.address();
      http.get({ host: '127.0.0.1', port, createConnection: modemConnect(net), agent: false }, (response) => {
        response.setEncoding('utf8').on('data', (text) => console.log(text)).on('end', () => {
          life.unsubscribe();
          server.close();
          setTimeout(() => process.exit(0), 100);
        });
      });
    });
  `,
};

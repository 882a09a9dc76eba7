import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { csq } from '@a7600/at-codec';
import { fleet } from '@a7600/fleet';
import { modemConnect } from '@a7600/tcpip/node';
import { connect } from '@nats-io/transport-node';
import { filter, firstValueFrom, from, switchMap } from 'rxjs';

/** Asks a modem on another machine for its signal, and fetches a page through it. */
export async function fetchThroughRoof(servers: string, port: number): Promise<string> {
  const nats = await connect({ servers, maxReconnectAttempts: -1, pingInterval: 2_000, timeout: 3_000 });
  const page$ = fleet(nats).pipe(
    switchMap((modems) => {
      const modem = modems.modem('ROOF-17/east'); // or its IMEI; `modems.any()` takes one that is free
      return modem.entry$.pipe(
        filter(({ presence, state }) => presence === 'present' && state === 'online'),
        switchMap(() => modem.run(csq())),
        switchMap(() => from(get(port, modemConnect(modem)))),
      );
    }),
  );
  const page = await firstValueFrom(page$); // unsubscribes, which ends what is open at the agent
  await nats.close();
  return page;
}

function get(port: number, createConnection: ReturnType<typeof modemConnect>): Promise<string> {
  return new Promise((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port, createConnection }, (answer) => resolve(text(answer)));
    asking.on('error', reject).end();
  });
}

import { modem, type Network, type TraceEntry } from '@a7600/tcpip';
import { emulator, memoryNetwork } from '@a7600/testing';
import { webPort } from '@a7600/testing/web';
import { pump, type Transport } from '@a7600/transport';
import { requestModem, type WebSerialLike, webSerial } from '@a7600/transport/web-serial';
import { catchError, EMPTY, mergeMap, type Subscription, switchMap } from 'rxjs';
import { selfCheck } from './self-check.js';

const button = (id: string) => document.getElementById(id) as HTMLButtonElement;
const [emulated, real, stop] = [button('emulated'), button('real'), button('stop')];
const log = document.getElementById('log') as HTMLPreElement;
const result = document.getElementById('result') as HTMLOutputElement;

let life: Subscription | undefined;

emulated.onclick = () => {
  const outside = memoryNetwork();
  const port = webPort(emulator({ network: outside }));
  serve(webSerial(port), () => {
    selfCheck(outside).subscribe({
      next: (bytes) => show(`all ${bytes} bytes came back`),
      error: (error: Error) => show(`failed: ${error.message}`),
    });
  });
};

real.onclick = () => {
  if (!('serial' in navigator)) {
    show('this browser has no Web Serial');
    return;
  }
  requestModem(navigator.serial as WebSerialLike).then(
    (port) => serve(webSerial(port), (network) => show(`listening on ${network.address}, TCP port 7`)),
    (error: Error) => show(error.message),
  );
};

stop.onclick = () => {
  life?.unsubscribe();
  started(false);
  show('stopped');
};

function serve(transport: Transport, onListening: (network: Network) => void): void {
  log.textContent = '';
  started(true);
  life = modem(transport, { trace })
    .pipe(
      switchMap((m) => m.network()),
      switchMap((net) => net.listen({ port: 7, onListening: () => onListening(net) })),
      mergeMap((client) => pump(client, client).pipe(catchError(() => EMPTY))),
    )
    .subscribe({
      error: (error: Error) => {
        show(error.message);
        started(false);
      },
    });
}

function trace({ line }: TraceEntry): void {
  log.append(`${line}\n`);
}

function started(running: boolean): void {
  emulated.disabled = running;
  real.disabled = running;
  stop.disabled = !running;
}

function show(text: string): void {
  result.textContent = text;
}

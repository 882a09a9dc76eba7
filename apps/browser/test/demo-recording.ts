// Writes `public/demo.jsonl`: an emulated module that starts, serves two clients, loses its network and recovers, in
// virtual time. Usage: node --conditions=@a7600/source --import tsx apps/browser/test/demo-recording.ts
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cops } from '@a7600/at-codec';
import { liveRecording } from '@a7600/diagnostics/capture';
import { keepOnline } from '@a7600/tcpip';
import { emulator, memoryNetwork, recorded } from '@a7600/testing';
import { pump, tapLink } from '@a7600/transport';
import { catchError, EMPTY, merge, mergeMap, switchMap, timer, VirtualTimeScheduler } from 'rxjs';

const scheduler = new VirtualTimeScheduler(undefined, 60_000);
const network = memoryNetwork({ scheduler });
const module = emulator({
  scheduler,
  network,
  timing: { ...recorded, silence: 600, startLines: 0.1, registration: 800 },
  start: 'starting',
});
const lines: string[] = [];
const recording = liveRecording((line) => lines.push(line), { redact: false, scheduler });
const port = module.pipe(
  tapLink({
    written: (bytes) => recording.sent(bytes),
    received: (bytes) => recording.received(bytes),
  }),
);

keepOnline(port, { modem: { scheduler, signalQualityInterval: 2_000 } })
  .pipe(
    switchMap((net) =>
      merge(
        net.modem.run(cops.read()),
        net.modem.signalQuality$,
        net
          .listen({ port: 7 })
          .pipe(mergeMap((client) => pump(client, client).pipe(catchError(() => EMPTY)))),
      ),
    ),
  )
  .subscribe();

/** A client that sends so many bytes at a time. */
const client = (at: number, size: number) =>
  timer(at, scheduler).pipe(
    switchMap(() => network.callIn(7)),
    switchMap((connection) =>
      merge(
        connection.received$,
        timer(0, 1_500, scheduler).pipe(
          switchMap((count) => connection.write(`${'.'.repeat(size)}${count}\n`)),
        ),
      ),
    ),
    catchError(() => EMPTY),
  );
merge(client(4_000, 700), client(8_000, 300)).subscribe();
for (const [at, rssi] of [21, 18, 14, 9, 15, 20, 23, 24].entries()) {
  scheduler.schedule(() => Object.assign(module.control.surroundings, { rssi }), 5_000 + 4_000 * at);
}
scheduler.schedule(() => module.control.loseBearer(4_000), 26_000);
scheduler.maxFrames = 42_000;
scheduler.flush();
recording.end();
writeFileSync(fileURLToPath(new URL('../public/demo.jsonl', import.meta.url)), lines.join(''));

import { ati } from '@a7600/at-codec';
import { emulator, memoryNetwork, note100 } from '@a7600/testing';
import { type Observable, switchMap, VirtualTimeScheduler } from 'rxjs';
import { expect, test } from 'vitest';
import { openUart } from './one-uart.js';
import { askBeside } from './two-ports.js';

/** A module in virtual time, and what an observable emits within a minute of it. */
function virtual(ports: readonly 'at'[]) {
  const scheduler = new VirtualTimeScheduler(undefined, 0);
  const network = memoryNetwork({ scheduler });
  const module = emulator({ scheduler, network, ports, profile: note100 });
  const run = <T>(source: Observable<T>): T[] => {
    const values: T[] = [];
    source.subscribe((value) => values.push(value));
    scheduler.maxFrames = 60_000;
    scheduler.flush();
    return values;
  };
  return { scheduler, network, module, run };
}

test('two ports', () => {
  const { scheduler, network, module, run } = virtual(['at', 'at']);
  network.serve('example.com', 4000).subscribe((client) => {
    client.received$.subscribe({ next: (bytes) => client.write(bytes).subscribe(), error: () => {} });
  });
  const [control = module, data = module] = module.ports;
  expect(run(askBeside({ control, data }, 'hello', scheduler))).toEqual(['hello, signal 23']);
});

test('one UART', () => {
  const { scheduler, module, run } = virtual(['at']);
  const models$ = openUart(module, scheduler).pipe(
    switchMap(([modem, spare]) => {
      spare.write(new TextEncoder().encode('AT+CGMM\r')).subscribe();
      return modem.run(ati()).pipe(switchMap(() => spare.received$));
    }),
  );
  const heard = run(models$).map((bytes) => new TextDecoder().decode(bytes));
  expect(heard.join('')).toContain('A7600C');
});

import { parseArgs } from 'node:util';
import { keepOnline, type Network } from '@a7600/tcpip';
import { emulator } from '@a7600/testing';
import { hostNetwork } from '@a7600/testing/node';
import type { Transport } from '@a7600/transport';
import { serial } from '@a7600/transport/serialport';
import { finalize, firstValueFrom, type Observable, shareReplay } from 'rxjs';

/** Whom an example talks to. */
export interface Target {
  readonly url: URL;
  /** The authority that has signed the target's certificate, where no public one has. */
  readonly ca?: string | undefined;
  /** Ends what was started for the example. */
  readonly close?: (() => void) | undefined;
}

/**
 * Runs an example. Without options the module is emulated, with this computer's loopback behind it,
 * and the target is the one that `local` starts; with `--serial PATH` it is a real module, and the
 * target is the first argument. `--apn NAME` is the access point of the SIM's provider.
 */
export async function example(
  local: () => Promise<Target>,
  work: (networks$: Observable<Network>, target: Target) => Promise<void>,
): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { serial: { type: 'string' }, apn: { type: 'string' }, baud: { type: 'string' } },
    allowPositionals: true,
  });
  const { serial: path, apn, baud = '115200' } = values;
  const [given] = positionals;
  if (path !== undefined && given === undefined) throw new Error('With --serial, say where to: a URL.');
  const target = given === undefined ? await local() : { url: new URL(given) };

  const transport: Transport =
    path === undefined ? emulator({ network: hostNetwork() }) : serial({ path, baudRate: Number(baud) });
  let whenClosed = () => {};
  const closed = new Promise<void>((resolve) => {
    whenClosed = resolve;
  });
  // The network of the moment; it is opened again when it is lost, or the module is.
  const networks$ = keepOnline(transport.pipe(finalize(() => whenClosed())), { network: { apn } }).pipe(
    shareReplay({ bufferSize: 1, refCount: true }),
  );
  const open = networks$.subscribe();
  try {
    await firstValueFrom(networks$);
    await work(networks$, target);
  } finally {
    open.unsubscribe();
    target.close?.();
    await closed;
  }
}

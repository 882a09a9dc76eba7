import { parseArgs } from 'node:util';
import { isModemError, keepOnline, type ModemState, type Network, type RecoveryStep } from '@a7600/tcpip';
import { emulator } from '@a7600/testing';
import { hostNetwork } from '@a7600/testing/node';
import { isTransportError, type Transport } from '@a7600/transport';
import { serial } from '@a7600/transport/serialport';
import { finalize, firstValueFrom, type Observable, ReplaySubject, share } from 'rxjs';

/** The server that an example connects to. */
export interface Target {
  readonly url: URL;
  /** The authority that signed the target's certificate, if it is not a public one. */
  readonly ca?: string | undefined;
  /** Stops what was started for the example. */
  readonly close?: (() => void) | undefined;
}

/**
 * Runs an example. Without options, the module is emulated, this computer's loopback is its network, and the
 * target is the one that `local` starts. With `--serial PATH`, the module is a real one and the target is the
 * first argument. `--apn`, `--pin` and `--baud` belong to `--serial`. Prints its progress, and errors as one line.
 */
export async function example(
  local: () => Promise<Target>,
  work: (networks$: Observable<Network>, target: Target) => Promise<void>,
): Promise<void> {
  try {
    const { url, ...options } = readOptions();
    await run(options, url === undefined ? await local() : { url }, work);
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}

interface Options {
  readonly serial?: string | undefined;
  readonly apn?: string | undefined;
  readonly pin?: string | undefined;
  readonly baud?: string | undefined;
  readonly url?: URL | undefined;
}

function readOptions(): Options {
  const option = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    options: { serial: option, apn: option, pin: option, baud: option },
    allowPositionals: true,
  });
  const [target, ...others] = positionals;
  if (others.length > 0) throw new Error(`There can be only one target: ${positionals.join(', ')}.`);
  if (values.serial === undefined) {
    const unused = (['apn', 'pin', 'baud'] as const).find((name) => values[name] !== undefined);
    if (unused !== undefined)
      throw new Error(`--${unused} is for a real module: give its port with --serial.`);
  } else if (target === undefined) {
    throw new Error('With --serial, say where to: a URL.');
  }
  if (target !== undefined && !URL.canParse(target)) throw new Error(`${target} is not a URL.`);
  return { ...values, url: target === undefined ? undefined : new URL(target) };
}

async function run(
  { serial: path, apn, pin, baud = '115200' }: Options,
  target: Target,
  work: (networks$: Observable<Network>, target: Target) => Promise<void>,
): Promise<void> {
  const transport: Transport =
    path === undefined ? emulator({ network: hostNetwork() }) : serial({ path, baudRate: Number(baud) });
  let whenClosed = () => {};
  const closed = new Promise<void>((resolve) => {
    whenClosed = resolve;
  });
  // The current network. keepOnline opens it again when it, or the module, is lost.
  const networks$ = keepOnline(transport.pipe(finalize(() => whenClosed())), {
    network: { apn },
    modem: { pin, onState: reportState },
    onStep: reportStep,
    reconnect: { retryable: isOutage },
  }).pipe(share({ connector: () => new ReplaySubject(1) }));
  const open = networks$.subscribe({ error: () => {} });
  try {
    await firstValueFrom(networks$);
    await work(networks$, target);
  } finally {
    open.unsubscribe();
    target.close?.();
    await closed;
  }
}

/** What a new attempt can cure. Anything else, such as a wrong port or PIN, ends the example at once. */
function isOutage(error: unknown): boolean {
  const codes = ['NETWORK_LOST', 'MODULE_RESTARTED'] as const;
  return isTransportError(error, 'TRANSPORT_LOST') || codes.some((code) => isModemError(error, code));
}

function reportState({ step, reason }: ModemState): void {
  if (step !== 'ready') console.error(reason === undefined ? `${step} …` : `${step}: ${reason}`);
}

function reportStep({ error, delay }: RecoveryStep): void {
  console.error(`${(error as Error).message} Next attempt in ${(delay / 1000).toFixed(1)} s.`);
}

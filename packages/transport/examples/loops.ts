import type { Transport } from '@a7600/transport';
import { iterate, open } from '@a7600/transport/async';

/** Prints what arrives until the device hangs up or the signal aborts; the port is closed in any case. */
export async function print(port: Transport, signal: AbortSignal, show: (bytes: Uint8Array) => void) {
  await using link = await open(port, { signal });
  for await (const bytes of iterate(link)) show(bytes); // pauses the link while the loop is busy
}

import { modem, type Network, type NetworkOptions } from '@a7600/tcpip';
import { type EmulatorOptions, emulator } from '@a7600/testing';
import { hostNetwork } from '@a7600/testing/node';
import { type RecordOptions, record } from '@a7600/transport/recording';
import { finalize, map, type Subscription, switchMap } from 'rxjs';
import { held } from '../../../packages/tcpip/test/online.js';

/** An emulated module that is online, and the recording of its line. */
export interface Recorded {
  readonly net: Network;
  /** The recording so far. */
  text(): string;
  /** Closes everything, and resolves when the recording is complete. */
  close(): Promise<void>;
}

/** Brings a module online on the loopback of this computer, and records the line. */
export async function recorded(
  open: Subscription,
  network: NetworkOptions = {},
  { redact = false, ...options }: RecordOptions & EmulatorOptions = {},
): Promise<Recorded> {
  let text = '';
  let over = () => {};
  const ended = new Promise<void>((resolve) => {
    over = resolve;
  });
  const transport = emulator({ network: hostNetwork(), ...options }).pipe(
    map((link) => record(link, (line) => (text += line), { redact })),
    finalize(() => over()),
  );
  const net = await held(open, modem(transport).pipe(switchMap((opened) => opened.network(network))));
  return {
    net,
    text: () => text,
    async close() {
      open.unsubscribe();
      await ended;
    },
  };
}

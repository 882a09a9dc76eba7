import { createRequire } from 'node:module';

/** What an answer of `serialport-gsm` looks like. */
export interface GsmAnswer {
  readonly status: string;
  readonly data: unknown;
}

/** The part of `serialport-gsm` that is used; it has no types of its own. */
export interface GsmModem {
  open(device: string, options: { baudRate: number }): Promise<GsmAnswer>;
  close(): Promise<GsmAnswer>;
  resetModem(): Promise<GsmAnswer>;
  checkModem(): Promise<GsmAnswer>;
  checkPINRequired(): Promise<GsmAnswer>;
  getModemSerial(): Promise<GsmAnswer>;
  getNetworkSignal(): Promise<GsmAnswer>;
  executeCommand(command: string): Promise<GsmAnswer>;
}

/** A modem of the library `serialport-gsm`. */
export function gsmModem(): GsmModem {
  const library: { Modem(): GsmModem } = createRequire(import.meta.url)('serialport-gsm');
  return library.Modem();
}

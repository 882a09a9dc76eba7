import { createRequire } from 'node:module';

/** What an answer of `serialport-gsm` looks like. */
export interface GsmAnswer {
  readonly status: string;
  readonly data: unknown;
}

/** Settings of a port. */
export interface GsmOptions {
  readonly baudRate: number;
  readonly autoDeleteOnReceive?: boolean;
  readonly enableConcatenation?: boolean;
}

/** The part of `serialport-gsm` that is used; it has no types of its own. */
export interface GsmModem {
  open(device: string, options: GsmOptions): Promise<GsmAnswer>;
  initializeModem(): Promise<GsmAnswer>;
  sendSMS(number: string, text: string, alert: boolean): Promise<GsmAnswer>;
  on(event: 'onNewMessage', listener: (messages: unknown) => void): void;
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

import { requestModem, type WebSerialLike, webSerial } from '@a7600/transport/web-serial';

/** Opens a modem; call it from a click, with `navigator.serial`. The browser shows the SIMCom devices to choose from. */
export async function openModem(ports: WebSerialLike, show: (bytes: Uint8Array) => void) {
  const port = await requestModem(ports);
  return webSerial(port, { baudRate: 115_200 }).subscribe((link) => link.received$.subscribe(show));
}

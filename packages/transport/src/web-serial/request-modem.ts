import type { WebSerialPortLike } from './port-like.js';

/** Filters for the chooser of `navigator.serial`: ports of SIMCom modules (USB vendor 1e0e). */
export const simcomFilters = [{ usbVendorId: 0x1e0e }] as const;

/** What is used of `navigator.serial`. */
export interface WebSerialLike<P extends WebSerialPortLike = WebSerialPortLike> {
  /**
   * Shows the chooser of the browser.
   *
   * @param options which devices to show
   * @returns a promise of the port that the user chose
   */
  requestPort(options: { filters: { usbVendorId: number }[] }): Promise<P>;
}

/**
 * Lets the user choose a port of a SIMCom module; has to be called from a click or a key press. A
 * module has several ports, and the browser shows them alike: the one that answers `AT` is usually
 * the third of an SIM7600 and the last but one of an A7600.
 *
 * @param serial `navigator.serial`
 * @returns the port that the user chose; rejects if the user chose none
 */
export function requestModem<P extends WebSerialPortLike>(serial: WebSerialLike<P>): Promise<P> {
  return serial.requestPort({ filters: simcomFilters.map((filter) => ({ ...filter })) });
}

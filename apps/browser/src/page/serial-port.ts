import { requestModem, type WebSerialLike, type WebSerialPortLike } from '@a7600/transport/web-serial';

/** What is used of `navigator.serial`. */
interface SerialPorts extends WebSerialLike {
  getPorts(): Promise<readonly WebSerialPortLike[]>;
}

/**
 * Lets the user choose a serial port; call it from a click.
 *
 * @param showsAll whether ports that are not a SIMCom module's are shown, too
 * @returns its index among the ports that the page may use, for the worker, which opens it
 */
export async function chooseSerialPort(showsAll: boolean): Promise<number> {
  const { serial } = navigator as { readonly serial?: SerialPorts };
  if (serial === undefined) {
    throw new Error('This browser has no Web Serial. Chrome, Edge and Opera on a computer have it.');
  }
  const chosen = await (showsAll ? serial.requestPort({ filters: [] }) : requestModem(serial)).catch(
    (error: Error) => {
      const none = error.name === 'NotFoundError';
      throw none ? new Error('No port was chosen. If the list was empty, see the help below.') : error;
    },
  );
  return (await serial.getPorts()).indexOf(chosen);
}

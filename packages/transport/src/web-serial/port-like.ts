/** What is used of a `SerialPort` of the Web Serial API; held to the real type by a test. */
export interface WebSerialPortLike {
  /** What the device sends; null while the port is closed. */
  readonly readable: ReadableStream<Uint8Array> | null;
  /** What is sent to the device; null while the port is closed. */
  readonly writable: WritableStream<Uint8Array> | null;
  /**
   * Opens the port.
   *
   * @param options rate, framing and the size of the buffer
   * @returns a promise that resolves when the port is open
   */
  open(options: {
    baudRate: number;
    dataBits?: 7 | 8;
    stopBits?: 1 | 2;
    parity?: 'none' | 'even' | 'odd';
    bufferSize?: number;
    flowControl?: 'none' | 'hardware';
  }): Promise<void>;
  /**
   * Closes the port; its streams must be unlocked.
   *
   * @returns a promise that resolves when the port is closed
   */
  close(): Promise<void>;
  /**
   * Sets the lines that this side drives.
   *
   * @param signals the lines to change
   * @returns a promise that resolves when they are set
   */
  setSignals(signals: {
    dataTerminalReady?: boolean;
    requestToSend?: boolean;
    break?: boolean;
  }): Promise<void>;
  /**
   * Reads the lines that the device drives.
   *
   * @returns a promise of the lines
   */
  getSignals(): Promise<{
    readonly clearToSend: boolean;
    readonly dataSetReady: boolean;
    readonly dataCarrierDetect: boolean;
  }>;
  /**
   * Registers a listener for the loss of the device.
   *
   * @param type the event
   * @param listener called when the device goes away
   */
  addEventListener(type: 'disconnect', listener: () => void): void;
  /**
   * Removes a listener.
   *
   * @param type the event
   * @param listener called when the device goes away
   */
  removeEventListener(type: 'disconnect', listener: () => void): void;
}

/** What a port is opened with, and opened with again when its speed changes. */
export type OpenSettings = Parameters<WebSerialPortLike['open']>[0];

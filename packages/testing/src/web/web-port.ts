import type { ByteLink, Transport } from '@a7600/transport';
import { toWebStreams } from '@a7600/transport/web';
import type { WebSerialPortLike } from '@a7600/transport/web-serial';
import { defer, lastValueFrom, type Subscription } from 'rxjs';

/** A port of the Web Serial API that is none: a transport plays the device. */
export interface WebPort extends WebSerialPortLike {
  /** The device goes away, as it does when it is unplugged. */
  unplug(): void;
}

/**
 * Puts a transport, for instance an emulator, under the interface of a Web Serial port, so that a
 * page can be tried without hardware. Opening the port subscribes to the transport; closing it
 * needs unlocked streams, as the API does, and unsubscribes.
 *
 * @param transport Opened by the port's `open`.
 * @returns The port.
 */
export function webPort(transport: Transport): WebPort {
  return new EmulatedPort(transport);
}

class EmulatedPort implements WebPort {
  readable: ReadableStream<Uint8Array> | null = null;
  writable: WritableStream<Uint8Array> | null = null;
  private readonly transport: Transport;
  private readonly listeners = new Set<() => void>();
  private subscription: Subscription | undefined;
  private hangUp: () => Promise<unknown> = async () => {};

  constructor(transport: Transport) {
    this.transport = transport;
  }

  open(): Promise<void> {
    if (this.subscription !== undefined) {
      return Promise.reject(
        Object.assign(new Error('The port is already open.'), { name: 'InvalidStateError' }),
      );
    }
    return new Promise((resolve, reject) => {
      // Who closes the port, or cancels its readable, has not unplugged the device.
      let isClosedHere = false;
      this.subscription = this.transport.subscribe({
        next: (link) => {
          const { readable, writable } = toWebStreams(
            Object.assign(Object.create(link) as ByteLink, {
              close: () =>
                defer(() => {
                  isClosedHere = true;
                  return link.close();
                }),
            }),
          );
          this.readable = readable;
          this.writable = writable;
          this.hangUp = () => lastValueFrom(link.close(), { defaultValue: undefined });
          resolve();
        },
        error: (error: unknown) => {
          reject(error);
          this.unplug();
        },
        complete: () => isClosedHere || this.unplug(),
      });
    });
  }

  async close(): Promise<void> {
    if (this.readable?.locked === true || this.writable?.locked === true) {
      throw new TypeError('Cannot close the port while its streams are locked.');
    }
    await this.hangUp();
    this.forget();
  }

  unplug(): void {
    if (this.readable === null) return;
    this.forget();
    for (const listener of [...this.listeners]) listener();
  }

  async setSignals(): Promise<void> {}

  async getSignals() {
    return { clearToSend: true, dataSetReady: true, dataCarrierDetect: false };
  }

  addEventListener(_: 'disconnect', listener: () => void): void {
    this.listeners.add(listener);
  }

  removeEventListener(_: 'disconnect', listener: () => void): void {
    this.listeners.delete(listener);
  }

  private forget(): void {
    this.readable = null;
    this.writable = null;
    this.subscription?.unsubscribe();
    this.subscription = undefined;
  }
}

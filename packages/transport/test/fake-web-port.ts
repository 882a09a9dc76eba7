import type { ByteLink } from '../src/byte-link.js';
import type { PairEnd } from '../src/direct-pair.js';
import { linkPair } from '../src/link-pair.js';
import { toWebStreams } from '../src/web/to-web-streams.js';
import type { WebSerialPortLike } from '../src/web-serial/port-like.js';

/** A port of the Web Serial API whose device is the far end of a pair. */
export class FakeWebPort implements WebSerialPortLike {
  readable: ReadableStream<Uint8Array> | null = null;
  writable: WritableStream<Uint8Array> | null = null;
  /** The device's end of the open port. */
  device: PairEnd | undefined;
  readonly log: string[] = [];
  private link: ByteLink | undefined;
  private readonly listeners = new Set<() => void>();

  async open(options: Parameters<WebSerialPortLike['open']>[0]): Promise<void> {
    if (this.readable !== null) {
      throw Object.assign(new Error('The port is already open.'), { name: 'InvalidStateError' });
    }
    this.log.push(`open ${options.baudRate}`);
    const [link, device] = linkPair();
    this.link = link;
    this.device = device;
    const { readable, writable } = toWebStreams(link);
    this.readable = readable;
    this.writable = writable;
  }

  async close(): Promise<void> {
    if (this.readable?.locked || this.writable?.locked) throw new TypeError('The streams are locked.');
    this.log.push('close');
    this.readable = null;
    this.writable = null;
    this.link?.close().subscribe();
  }

  /** The line is disturbed: the stream breaks, and the port has a new one. */
  disturb(): void {
    const link = this.link as ByteLink;
    const broken = new ReadableStream<Uint8Array>({
      start: (controller) => controller.error(Object.assign(new Error('framing'), { name: 'FramingError' })),
    });
    const { readable } = toWebStreams(link);
    let first = true;
    Object.defineProperty(this, 'readable', {
      configurable: true,
      get: () => {
        if (!first) return readable;
        first = false;
        return broken;
      },
    });
  }

  unplug(): void {
    this.device?.lose(new Error('The device has been lost.'));
    this.readable = null;
    this.writable = null;
    for (const listener of this.listeners) listener();
  }

  async setSignals(signals: object): Promise<void> {
    this.log.push(`signals ${JSON.stringify(signals)}`);
  }

  async getSignals() {
    return { clearToSend: true, dataSetReady: false, dataCarrierDetect: true, ringIndicator: false };
  }

  addEventListener(_: 'disconnect', listener: () => void): void {
    this.listeners.add(listener);
  }

  removeEventListener(_: 'disconnect', listener: () => void): void {
    this.listeners.delete(listener);
  }

  get listening(): number {
    return this.listeners.size;
  }
}

import { validPort } from './arguments.js';
import { usageError } from './node-error.js';

/** Called when the module has accepted a datagram, or with why it was not. */
export type SendCallback = (error: Error | null, bytes: number) => void;

/** The payload of a datagram; the elements of an array are joined. */
export type Message = string | NodeJS.ArrayBufferView | readonly unknown[];

/**
 * The ways to send, as in Node: `(message, port, address, callback)`, with `offset, length` after
 * the message, and without port and address on a connected socket.
 */
export type SendArguments = readonly [
  message: Message,
  ...others: (number | string | SendCallback | undefined)[],
];

interface ToSend {
  readonly bytes: Uint8Array;
  readonly port: number | undefined;
  readonly address: string | undefined;
  readonly callback: SendCallback | undefined;
}

/** Throws what Node throws for arguments that make no sense. */
export function sendArguments([message, ...others]: SendArguments, connected: boolean): ToSend {
  const callback = others.find((value) => typeof value === 'function');
  const values = others.filter((value) => typeof value !== 'function' && value !== undefined);
  const whole = bytesOf(message);
  // Offset and length come before the port, or alone where the peer is known.
  const isPart = typeof values[1] === 'number';
  const [offset, length] = isPart ? [Number(values[0]), Number(values[1])] : [0, whole.length];
  if (offset < 0 || length < 0 || offset + length > whole.length) {
    throw Object.assign(new RangeError('"offset" and "length" are outside of the message.'), {
      code: 'ERR_BUFFER_OUT_OF_BOUNDS',
    });
  }
  const [port, address] = isPart ? values.slice(2) : values;
  if (connected && port !== undefined) throw usageError('ERR_SOCKET_DGRAM_IS_CONNECTED', 'Already connected');
  return {
    bytes: whole.subarray(offset, offset + length),
    port: connected ? undefined : validPort(port, 1),
    address: typeof address === 'string' ? address : undefined,
    callback,
  };
}

function bytesOf(message: unknown): Uint8Array {
  if (typeof message === 'string') return Buffer.from(message);
  if (ArrayBuffer.isView(message)) return Buffer.from(message.buffer, message.byteOffset, message.byteLength);
  if (Array.isArray(message)) return Buffer.concat(message.map(bytesOf));
  const expected = 'an instance of Buffer, TypedArray, or DataView, or of type string';
  throw Object.assign(
    new TypeError(`The "buffer" argument must be ${expected}. Received ${typeof message}.`),
    {
      code: 'ERR_INVALID_ARG_TYPE',
    },
  );
}

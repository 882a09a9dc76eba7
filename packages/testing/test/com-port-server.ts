import type { Socket } from 'node:net';
import type { ByteLink } from '@a7600/transport';
import { receiveQueue, writing } from '@a7600/transport';
import { fromDuplex } from '@a7600/transport/node';

/** Telnet (RFC 854): escape, requests and their answers, subnegotiation. */
const [IAC, DONT, DO, WONT, WILL, SB, SE] = [255, 254, 253, 252, 251, 250, 240];
/** An RFC 2217 server answers a command with its number and this. */
const ANSWER = 100;

/**
 * The far end of an RFC 2217 connection, as a device server has it: it agrees to every option,
 * confirms every setting, and what is left are the bytes of the port. The escape layer is written
 * separately here, so that a misreading of the client's is not mirrored.
 */
export function comPortServer(socket: Socket): ByteLink {
  const wire = fromDuplex(socket);
  const port = receiveQueue((hasDemand) => {
    if (hasDemand) wire.resume();
  });
  const say = (...bytes: number[]) => wire.write(Uint8Array.from(bytes)).subscribe({ error: () => {} });
  const agreed = new Set<number>();

  /** What follows an escape; complete once the sequence is. */
  let sequence: number[] = [];
  const heard = (byte: number, data: number[]) => {
    if (sequence.length === 0 && byte !== IAC) {
      data.push(byte);
      return;
    }
    sequence.push(byte);
    const [, verb = 0, option = 0] = sequence;
    if (verb === IAC) data.push(IAC);
    else if (verb === SB) {
      if (sequence.at(-2) !== IAC || byte !== SE) return;
      const [command = 0, ...value] = sequence.slice(3, -2);
      say(IAC, SB, option, command + ANSWER, ...value, IAC, SE);
    } else if (verb >= WILL && sequence.length === 3) answer(verb, option);
    else if (verb >= WILL || sequence.length < 2) return;
    sequence = [];
  };
  const answer = (verb: number, option: number) => {
    const about = verb === DO || verb === DONT ? option : option + 256;
    if (agreed.has(about)) return;
    agreed.add(about);
    if (verb === DO || verb === DONT) say(IAC, verb === DO ? WILL : WONT, option);
    else say(IAC, verb === WILL ? DO : DONT, option);
  };

  wire.received$.subscribe({
    next(bytes) {
      const data: number[] = [];
      for (const byte of bytes) heard(byte, data);
      if (data.length > 0) port.push(Uint8Array.from(data));
      // The client's writes have to wait for a reader, its requests have not.
      if (port.queuedBytes > 65_536) wire.pause();
    },
    error: () => {},
  });
  wire.ended$.subscribe((reason) => port.end(reason));

  return {
    received$: port.received$,
    ended$: port.ended$,
    pause: port.pause,
    resume: port.resume,
    close: () => wire.close(),
    write: writing((bytes) =>
      wire.write(Uint8Array.from([...bytes].flatMap((byte) => (byte === IAC ? [IAC, IAC] : [byte])))),
    ),
  };
}

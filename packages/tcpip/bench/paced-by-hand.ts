// The sends of `paced.ts` with `serialport` by hand: what the pseudo-terminal, its module and the wake-ups of this machine
// leave of the bound to a program that does nothing else.
import { SerialPort } from 'serialport';
import { BAUD_RATE, PEER, PORTS } from './paced.js';
import { PeerStreams } from './peer-streams.js';

const LENGTH = 1_500;

/** A sender that has connected. */
export interface Sender {
  /** Bytes of payload that the module has taken so far. */
  readonly sent: number;
  stop(): Promise<void>;
}

/** Connects so many links, and sends over one after the other. The late result of one is awaited where it is alone. */
export async function sender(path: string, links: number): Promise<Sender> {
  const port = new SerialPort({ path, baudRate: BAUD_RATE, autoOpen: false });
  await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
  let heard = '';
  let awaited = '';
  let done = () => {};
  port.on('data', (bytes: Buffer) => {
    heard += bytes.toString('latin1');
    const at = heard.indexOf(awaited);
    if (at < 0) return;
    heard = heard.slice(at + awaited.length);
    done();
  });
  const say = (bytes: string | Buffer, until: string) =>
    new Promise<void>((resolve) => {
      awaited = until;
      done = resolve;
      port.write(bytes);
    });
  await say('ATE0\r', '\r\nOK\r\n');
  await say('AT+NETOPEN\r', '+NETOPEN: 0\r\n');
  for (const [link, at] of PORTS.slice(0, links).entries())
    await say(`AT+CIPOPEN=${link},"TCP","${PEER}",${at}\r`, `+CIPOPEN: ${link},0\r\n`);
  const streams = new PeerStreams();
  let sent = 0;
  let isStopped = false;
  const sending = (async () => {
    for (let link = 0; !isStopped; link = (link + 1) % links) {
      const payload = streams.next(PORTS[link] ?? 0, LENGTH);
      await say(`AT+CIPSEND=${link},${LENGTH}\r`, '\r\n>');
      await say(payload, links === 1 ? `,${LENGTH}\r\n` : '\r\nOK\r\n');
      sent += LENGTH;
    }
  })();
  return {
    get sent() {
      return sent;
    },
    async stop() {
      isStopped = true;
      await sending;
      await new Promise((resolve) => port.close(resolve));
    },
  };
}

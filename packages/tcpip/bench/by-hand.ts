// What a program pays that sends and receives over a module without an SDK: it knows each answer in advance, believes it,
// and handles nothing else. It is the least that Node needs for the bytes of an echo, and their system calls.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { ECHO } from './echo.js';

const LINK = 9;

/** A module with one open link, that is asked and answered by hand. */
export class ByHand {
  /** Bytes that came back. */
  echoed = 0;
  private readonly port: Socket;
  private heard = '';
  /** What is awaited, and what is done then. */
  private awaited = '';
  private onHeard = () => {};

  private constructor(port: Socket) {
    this.port = port;
    port.on('data', (bytes: Buffer) => {
      this.heard += bytes.toString('latin1');
      if (!this.heard.includes(this.awaited)) return;
      const { onHeard } = this;
      this.heard = '';
      this.onHeard = () => {};
      onHeard();
    });
  }

  /** Opens the module at the end of a connection to this computer, its network, and a link to the host of echoes. */
  static async open(port: number): Promise<ByHand> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    const module = new ByHand(socket);
    const ask = (command: string, awaited: string) =>
      new Promise<void>((resolve) => module.send(`${command}\r`, awaited, resolve));
    for (const command of ['ATE0', 'AT+CIPRXGET=1']) await ask(command, 'OK');
    await ask('AT+NETOPEN', '+NETOPEN: 0');
    await ask(`AT+CIPOPEN=${LINK},"TCP","${ECHO.host}",${ECHO.port}`, `+CIPOPEN: ${LINK},0`);
    return module;
  }

  /** Sends bytes, and reads them when they have come back. */
  echo(bytes: Uint8Array): void {
    const { length } = bytes;
    const came = Buffer.from(bytes).toString('latin1');
    const read = () => this.send(`AT+CIPRXGET=2,${LINK},1500\r`, came, () => (this.echoed += length));
    const sent = () => this.send(bytes, `+CIPRXGET: 1,${LINK}`, read);
    this.send(`AT+CIPSEND=${LINK},${length}\r`, '>', sent);
  }

  private send(what: string | Uint8Array, awaited: string, onHeard: () => void): void {
    this.awaited = awaited;
    this.onHeard = onHeard;
    this.port.write(what);
  }
}

import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Client as FtpClient } from 'basic-ftp';
import { createTransport } from 'nodemailer';
import { type SFTPWrapper, Client as SshClient } from 'ssh2';
import { ModemSocket } from '../../src/node/index.js';
import { ftpServer, sshKey, sshServer } from '../programs.js';
import { CLIENT_TIMEOUT, type Client } from './client.js';
import { mailOf, mailServer } from './mail-server.js';

export const ftp: Client = {
  name: 'basic-ftp, passive',
  package: 'basic-ftp',
  server: 'vsftpd',
  // Control and data: were all ten links for control, no data could ever come.
  links: 2,
  serve: async (open) => (await ftpServer(open)).port,
  async session({ networks$, host, port }) {
    const client = new FtpClient(CLIENT_TIMEOUT);
    // It has no option for it: the place where it makes its sockets is told.
    Object.assign(client.ftp, { _newSocket: () => new ModemSocket(networks$) });
    client.ftp.socket = new ModemSocket(networks$);
    await client.access({ host, port });
    const path = `/upload/${Math.random()}`;
    return {
      async roundTrip(bytes) {
        await client.uploadFrom(Readable.from([bytes]), path);
        const back = new PassThrough();
        const whole = buffer(back);
        await client.downloadTo(back, path);
        return whole;
      },
      close: () => client.close(),
      abort: () => client.close(),
    };
  },
};

export const sftp: Client = {
  name: 'ssh2, SFTP',
  package: 'ssh2',
  server: 'OpenSSH',
  serve: async (open) => (await sshServer(open)).port,
  async session({ networks$, host, port }) {
    const sock = new ModemSocket(networks$).connect(port, host);
    const client = new SshClient();
    const failed = new Promise<never>((_, reject) => {
      client.on('error', reject);
      client.on('close', () => reject(new Error('The connection was closed.')));
    });
    failed.catch(() => {});
    const ready = new Promise((resolve) => client.once('ready', () => resolve(undefined)));
    client.connect({ sock, username: 'root', privateKey: sshKey().private, readyTimeout: CLIENT_TIMEOUT });
    await Promise.race([ready, failed]);
    const files = await new Promise<SFTPWrapper>((resolve, reject) => {
      client.sftp((error, opened) => (error ? reject(error) : resolve(opened)));
    });
    const path = `${sshKey().folder}/${Math.random()}`;
    const write = (bytes: Buffer) =>
      new Promise<void>((resolve, reject) => {
        files.writeFile(path, bytes, (error) => (error ? reject(error) : resolve()));
      });
    const read = () =>
      new Promise<Buffer>((resolve, reject) => {
        files.readFile(path, (error, bytes) => (error ? reject(error) : resolve(bytes)));
      });
    return {
      roundTrip: (bytes) => Promise.race([write(bytes).then(read), failed]),
      close: () => client.end(),
      abort: () => client.destroy(),
    };
  },
};

export const mail: Client = {
  name: 'nodemailer, STARTTLS',
  package: 'nodemailer',
  server: 'smtp-server',
  serve: (open) => mailServer(open),
  async session({ networks$, host, port }) {
    const transport = createTransport({
      host,
      port,
      requireTLS: true,
      tls: { rejectUnauthorized: false },
      getSocket(_: unknown, callback: (error: Error | null, made?: { connection: ModemSocket }) => void) {
        const connection = new ModemSocket(networks$).connect(port, host);
        connection.once('error', callback);
        connection.once('connect', () => callback(connection.off('error', callback) && null, { connection }));
      },
    } as Parameters<typeof createTransport>[0]);
    return {
      async roundTrip(content) {
        const subject = `${Math.random()}`;
        const attachments = [{ content, contentType: 'application/octet-stream' }];
        await transport.sendMail({ from: 'a@localhost', to: 'b@localhost', subject, attachments });
        return mailOf(subject);
      },
      close: () => transport.close(),
      abort: () => transport.close(),
    };
  },
};

import { text } from 'node:stream/consumers';
import type { Subscription } from 'rxjs';
import { SMTPServer } from 'smtp-server';
import { makeCertificates } from '../certificates.js';
import { listening } from '../online.js';

/** Attachments, by the subject of their mail. */
const mails = new Map<string, Buffer>();

/** A mail server with STARTTLS on a free port, which keeps what it is sent. */
export async function mailServer(open: Subscription): Promise<number> {
  const { server: identity } = await makeCertificates();
  const server = new SMTPServer({
    ...identity,
    authOptional: true,
    onData: async (stream, _, callback) => {
      // A connection that breaks is part of what is tried.
      const mail = await text(stream).catch(() => '');
      const [, subject = ''] = /^Subject: (.*)\r$/m.exec(mail) ?? [];
      const [, content = ''] = /base64\r\n(?:[^\r]+\r\n)*\r\n([^-]*)/.exec(mail) ?? [];
      mails.set(subject, Buffer.from(content, 'base64'));
      callback();
    },
  });
  server.on('error', () => {});
  open.add(() => server.close());
  return listening(server.server);
}

/** What was sent under a subject. */
export function mailOf(subject: string): Buffer {
  const mail = mails.get(subject);
  if (mail === undefined) throw new Error(`No mail with the subject ${subject} has come.`);
  mails.delete(subject);
  return mail;
}

import {
  createInbox,
  type Msg,
  type MsgHdrs,
  type NatsConnection,
  type PermissionViolationError,
} from '@nats-io/nats-core';
import { FleetError } from '../base/errors.js';
import { newId } from './new-id.js';

/** Who is called with the reply, or with the reason why there is none, once. */
export interface Asker {
  next(reply: Msg): void;
  error(error: Error): void;
}

/** A request whose reply has not come. */
interface Waiting {
  readonly subject: string;
  /** Called with what ends it. */
  end(call: (asker: Asker) => void): void;
}

/** What the class of a connection has beside its interface. */
interface Configured {
  readonly options?: { readonly inboxPrefix?: string };
}

/** Status of the server for a request to a subject without a subscriber. */
const NO_RESPONDERS = 503;

/**
 * The replies to the requests of a connection, in one inbox. `NatsConnection.request` does the same and makes an error
 * with its stack for each request, also for one that is answered, which costs half a hop of each command.
 */
export class Replies {
  private readonly connection: NatsConnection;
  private readonly waiting = new Map<string, Waiting>();
  private inbox: string | undefined;

  constructor(connection: NatsConnection) {
    this.connection = connection;
  }

  /**
   * Sends a request; throws what the connection does. Errors with `AGENT_GONE`, `OUTCOME_UNKNOWN`, or as {@link refused}
   * says.
   *
   * @returns What gives the request up.
   */
  request(subject: string, data: Uint8Array, headers: MsgHdrs, timeout: number, asker: Asker): () => void {
    const inbox = this.open();
    // An agent that is asked learns the inbox, and is not to answer for another one.
    const token = newId();
    const giveUp = () => {
      clearTimeout(late);
      this.waiting.delete(token);
    };
    const end = (call: (asker: Asker) => void) => {
      giveUp();
      call(asker);
    };
    const late = setTimeout(() => {
      const text = `A request to ${subject} was not answered in ${Math.ceil(timeout)} ms.`;
      end((asker) => asker.error(new FleetError('OUTCOME_UNKNOWN', text)));
    }, timeout);
    this.waiting.set(token, { subject, end });
    try {
      this.connection.publish(subject, data, { headers, reply: `${inbox}.${token}` });
    } catch (error) {
      giveUp();
      throw error;
    }
    return giveUp;
  }

  /** The server does not let this user send or subscribe to that: ends the requests that it is about. */
  refused({ operation, subject }: PermissionViolationError, error: Error): void {
    const isInbox = operation === 'subscription' && this.inbox !== undefined && subject === `${this.inbox}.*`;
    if (isInbox) this.inbox = undefined;
    for (const { subject: asked, end } of [...this.waiting.values()]) {
      if (isInbox || (operation === 'publish' && subject === asked)) end((asker) => asker.error(error));
    }
  }

  /** The connection is closed for good. */
  close(error: Error): void {
    for (const { end } of [...this.waiting.values()]) end((asker) => asker.error(error));
  }

  /** The inbox, from the first request on. */
  private open(): string {
    if (this.inbox !== undefined) return this.inbox;
    // The prefix that the permissions of this user are bound to; only the class of the connection tells it.
    const { options } = this.connection as NatsConnection & Configured;
    const inbox = createInbox(options?.inboxPrefix);
    this.inbox = inbox;
    this.connection.subscribe(`${inbox}.*`, {
      callback: (error, message) => {
        // A refusal comes as a status, too.
        if (error === null) this.take(message);
      },
    });
    return inbox;
  }

  private take(message: Msg): void {
    const waiting = this.waiting.get(message.subject.slice(message.subject.lastIndexOf('.') + 1));
    if (waiting === undefined) return;
    const { subject, end } = waiting;
    if (message.data.length === 0 && message.headers?.code === NO_RESPONDERS) {
      const text = `A request to ${subject} reached no subscriber: no such process is connected.`;
      end((asker) => asker.error(new FleetError('AGENT_GONE', text)));
      return;
    }
    end((asker) => asker.next(message));
  }
}

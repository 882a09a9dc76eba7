import { timeout } from 'rxjs';
import type { Connection } from '../../networks/network.js';
import { Alarm } from '../clock.js';
import type { Module } from '../module.js';
import { joined } from './bytes.js';
import { heedHost } from './congestion.js';
import { connectPacket, errOf, MQTT_ERR, type MqttConnectOptions } from './mqtt-connect.js';
import {
  field,
  numberOf,
  PACKET,
  type Packet,
  PacketReader,
  type Publication,
  printPacket,
  publicationIn,
  word,
} from './mqtt-packets.js';
import { connectTo } from './ssl-contexts.js';

/** Codes of a refused CONNECT (MQTT 3.1.1, 3.2.2.3) are 27 to 31 here. */
const REFUSED = 26;

/** A message to be published. */
export interface Outgoing extends Publication {
  /** The host says that it has sent it before (DUP). */
  readonly repeated: boolean;
}

/** What a client tells of itself. */
export interface MqttEvents {
  arrived(message: Publication): void;
  /** The connection is gone, and the host has not closed it: 1 closed, 2 reset. */
  lost(cause: number): void;
  /** The connection is gone, because the broker answers no ping. */
  silent(): void;
}

/** Time in ms that a server has to accept a client. */
const ANSWER_TIMEOUT = 30_000;

/** One MQTT 3.1.1 client of the module. */
export class MqttClient {
  readonly id: string;
  readonly secured: boolean;
  options: MqttConnectOptions | undefined;
  /** `AT+CMQTTCFG="optimeout"`: time in ms that a server has to answer. */
  answerTimeout = 120_000;
  private readonly module: Module;
  private readonly events: MqttEvents;
  private readonly pinging: Alarm;
  private readonly waiting = new Map<string, (err: number, body?: Uint8Array) => void>();
  private connection: Connection | undefined;
  private packets = 0;

  constructor(id: string, secured: boolean, module: Module, events: MqttEvents) {
    this.id = id;
    this.secured = secured;
    this.module = module;
    this.events = events;
    this.pinging = new Alarm(module.clock);
  }

  get connected(): boolean {
    return this.connection !== undefined;
  }

  connect(options: MqttConnectOptions, done: (err: number) => void): void {
    const { clock } = this.module;
    const finish = (err: number) => {
      this.waiting.delete(CONNECTING);
      if (err !== MQTT_ERR.ok) this.drop();
      done(err);
    };
    const connecting = connectTo(options.to, options.sslContext, this.module)
      .pipe(timeout({ first: ANSWER_TIMEOUT, scheduler: clock.scheduler }))
      .subscribe({
        next: (connection) => {
          this.options = options;
          this.connection = connection;
          this.listen(connection);
          this.expect(CONNECTING, ANSWER_TIMEOUT, finish);
          this.send(connectPacket(this.id, options));
        },
        error: (error: unknown) => done(errOf(error)),
      });
    clock.keep(connecting);
  }

  publish(message: Outgoing, limit: number, done: (err: number) => void): void {
    const flags = (message.repeated ? 8 : 0) | (message.qos << 1) | (message.retained ? 1 : 0);
    const id = message.qos > 0 ? this.nextId() : 0;
    const body = joined(field(message.topic), id > 0 ? word(id) : [], message.payload);
    if (id > 0) this.expect(`published ${id}`, limit, done);
    this.send({ kind: PACKET.publish, flags, body });
    if (id === 0) done(MQTT_ERR.ok);
  }

  subscribe(
    topics: readonly { readonly topic: Uint8Array; readonly qos: number }[],
    done: (err: number) => void,
  ): void {
    const id = this.nextId();
    const body = joined(word(id), ...topics.flatMap(({ topic, qos }) => [field(topic), [qos]]));
    this.expect(`subscribed ${id}`, this.answerTimeout, (err, answer) => {
      const refused = answer?.subarray(2).some((code) => code === 0x80) ?? false;
      done(err === MQTT_ERR.ok && refused ? MQTT_ERR.failed : err);
    });
    this.send({ kind: PACKET.subscribe, flags: 2, body });
  }

  unsubscribe(topics: readonly Uint8Array[], done: (err: number) => void): void {
    const id = this.nextId();
    this.expect(`unsubscribed ${id}`, this.answerTimeout, done);
    this.send({
      kind: PACKET.unsubscribe,
      flags: 2,
      body: joined(word(id), ...topics.map((topic) => field(topic))),
    });
  }

  /** Says good-bye and closes. */
  disconnect(): void {
    this.send({ kind: PACKET.disconnect, flags: 0, body: new Uint8Array() });
    this.drop();
  }

  /** Closes without a word. */
  drop(): void {
    const { connection } = this;
    this.connection = undefined;
    this.options = undefined;
    this.pinging.cancel();
    connection?.close().subscribe({ error: () => {} });
    for (const settle of [...this.waiting.values()]) settle(MQTT_ERR.closedByServer);
    this.waiting.clear();
  }

  private expect(what: string, limit: number, done: (err: number, body?: Uint8Array) => void): void {
    const tooLate = this.module.clock.later(limit, () => settle(MQTT_ERR.timeout));
    const settle = (err: number, body?: Uint8Array) => {
      tooLate.unsubscribe();
      this.waiting.delete(what);
      done(err, body);
    };
    this.waiting.set(what, settle);
  }

  private send(packet: Packet): void {
    this.connection?.write(printPacket(packet)).subscribe({ error: () => {} });
    const { keepAlive = 0 } = this.options ?? {};
    if (keepAlive === 0) return;
    this.pinging.set(keepAlive * 1000, () => this.ping());
  }

  /** Asks the broker whether it is there; one that is not has gone (3.1.2.10). */
  private ping(): void {
    const { connection } = this;
    this.expect(PINGING, ANSWER_TIMEOUT, (err) => {
      if (err !== MQTT_ERR.timeout || this.connection !== connection) return;
      this.drop();
      this.events.silent();
    });
    this.send({ kind: PACKET.ping, flags: 0, body: new Uint8Array() });
  }

  private listen(connection: Connection): void {
    const reader = new PacketReader();
    const ended = (cause: number) => {
      if (this.connection !== connection) return;
      const connecting = this.waiting.has(CONNECTING);
      this.drop();
      if (!connecting) this.events.lost(cause);
    };
    this.module.clock.keep(
      connection.received$.subscribe({
        next: (bytes) => {
          for (const packet of reader.push(bytes)) if (this.connection === connection) this.handle(packet);
          if (reader.broken) ended(1);
          else heedHost(connection, this.module);
        },
        complete: () => ended(1),
        error: () => ended(2),
      }),
    );
  }

  private handle(packet: Packet): void {
    const { kind, body } = packet;
    const settle = (what: string) => this.waiting.get(`${what} ${numberOf(body)}`)?.(MQTT_ERR.ok, body);
    switch (kind) {
      case PACKET.connectAcknowledged: {
        const code = body[1] ?? 0;
        this.waiting.get(CONNECTING)?.(code === 0 ? MQTT_ERR.ok : REFUSED + code);
        break;
      }
      case PACKET.publish: {
        const { id, ...message } = publicationIn(packet);
        this.events.arrived(message);
        if (message.qos > 0) {
          const answer = message.qos === 1 ? PACKET.published : PACKET.received;
          this.send({ kind: answer, flags: 0, body: joined(word(id)) });
        }
        break;
      }
      case PACKET.received:
        this.send({ kind: PACKET.release, flags: 2, body: body.slice(0, 2) });
        break;
      case PACKET.release:
        this.send({ kind: PACKET.complete, flags: 0, body: body.slice(0, 2) });
        break;
      case PACKET.pong:
        this.waiting.get(PINGING)?.(MQTT_ERR.ok);
        break;
      case PACKET.published:
      case PACKET.complete:
        settle('published');
        break;
      case PACKET.subscribed:
        settle('subscribed');
        break;
      case PACKET.unsubscribed:
        settle('unsubscribed');
        break;
    }
  }

  private nextId(): number {
    this.packets = (this.packets % 65_535) + 1;
    return this.packets;
  }
}

const CONNECTING = 'connecting';
const PINGING = 'pinging';

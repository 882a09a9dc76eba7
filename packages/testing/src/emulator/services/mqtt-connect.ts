import { TimeoutError } from 'rxjs';
import { type Endpoint, NetworkError } from '../../networks/network.js';
import { joined } from './bytes.js';
import { field, PACKET, type Packet, type Publication, word } from './mqtt-packets.js';
import { MissingCertificate } from './ssl-contexts.js';

/** `<err>` of `CMQTT…` (AT command manual, 18.3.1). */
export const MQTT_ERR = {
  ok: 0,
  failed: 1,
  badText: 2,
  connectFailed: 3,
  networkNotOpen: 9,
  clientIndex: 10,
  noConnection: 11,
  invalid: 12,
  busy: 14,
  timeout: 17,
  topicEmpty: 18,
  clientUsed: 19,
  notAcquired: 20,
  notReleased: 21,
  dns: 25,
  closedByServer: 26,
  handshake: 32,
  certificate: 33,
} as const;

/** How a client connects. */
export interface MqttConnectOptions {
  readonly to: Endpoint;
  /** 4 is MQTT 3.1.1, 3 is 3.1. */
  readonly version: number;
  readonly keepAlive: number;
  readonly cleanSession: boolean;
  readonly user: string;
  readonly password: string;
  readonly sslContext: number | undefined;
  readonly will: (Publication & { readonly qos: number }) | undefined;
}

/** Protocol level of MQTT 3.1. */
const OLD = 3;

/** The packet with which a client connects (3.1). */
export function connectPacket(
  id: string,
  { version, keepAlive, cleanSession, user, password, will }: MqttConnectOptions,
): Packet {
  const flags =
    (cleanSession ? 0x02 : 0) |
    (will === undefined ? 0 : 0x04 | (will.qos << 3)) |
    (password === '' ? 0 : 0x40) |
    (user === '' ? 0 : 0x80);
  const body = joined(
    field(version === OLD ? 'MQIsdp' : 'MQTT'),
    [version, flags],
    word(keepAlive),
    field(id),
    ...(will === undefined ? [] : [field(will.topic), field(will.payload)]),
    ...(user === '' ? [] : [field(user)]),
    ...(password === '' ? [] : [field(password)]),
  );
  return { kind: PACKET.connect, flags: 0, body };
}

/** `<err>` of what went wrong with a connection. */
export function errOf(error: unknown): number {
  if (error instanceof MissingCertificate) return MQTT_ERR.certificate;
  if (error instanceof TimeoutError) return MQTT_ERR.timeout;
  if (!(error instanceof NetworkError)) return MQTT_ERR.failed;
  if (error.failure === 'handshake') return MQTT_ERR.handshake;
  return error.failure === 'unknown-host' ? MQTT_ERR.dns : MQTT_ERR.connectFailed;
}

import { keepOnline } from '@a7600/tcpip';
import { modemConnect } from '@a7600/tcpip/node';
import type { Transport } from '@a7600/transport';
import { MqttClient } from 'mqtt';
import { shareReplay } from 'rxjs';

/** An MQTT client that connects again, by itself, through each network that follows a lost one. */
export function mqttClient(transport: Transport, host: string, port = 1883): MqttClient {
  const networks$ = keepOnline(transport, { network: { apn: 'internet' } }).pipe(
    shareReplay({ bufferSize: 1, refCount: true }),
  );
  const online = networks$.subscribe(); // keeps the network open
  const client = new MqttClient(modemConnect(networks$).mqtt({ host, port }), {});
  client.on('error', (error) => console.error(error.message)); // it connects again
  return client.once('end', () => online.unsubscribe());
}

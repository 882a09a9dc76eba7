// MQTT: npm run example examples/mqtt.ts -- --serial /dev/ttyUSB2 mqtts://broker.example.com
// With the emulated module it talks to a broker on this computer, for instance mosquitto.
import { modemConnect } from '@a7600/tcpip/node';
import { MqttClient } from 'mqtt';
import { example } from './support/example.js';
import { local } from './support/local.js';

await example(local('mqtt://127.0.0.1:1883'), async (networks$, { url }) => {
  const secure = url.protocol === 'mqtts:';
  const port = url.port || (secure ? 8883 : 1883);
  const broker = modemConnect(networks$).mqtt({ host: url.hostname, port, ...(secure && { tls: {} }) });
  // After an outage mqtt.js asks for a new connection, and sends again what was not acknowledged.
  const client = new MqttClient(broker, { reconnectPeriod: 2_000 });
  client.on('error', (error) => console.error(error.message));
  const heard = new Promise<string>((resolve) => {
    client.on('message', (topic, payload) => resolve(`${topic}: ${payload}`));
  });
  await client.subscribeAsync('a7600/example', { qos: 1 });
  await client.publishAsync('a7600/example', 'hello', { qos: 1 });
  console.log(await heard);
  await client.endAsync();
});

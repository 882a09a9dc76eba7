// An agent's bridge in a process of its own, which a test can end at any moment: bridge-process.ts URL AGENT.
import { of } from 'rxjs';
import { mqttBridge } from '../src/mqtt/mqtt-bridge.js';
import { userOf } from './brokers.js';
import { MODEM } from './modem.js';

const [url = '', agent = ''] = process.argv.slice(2);
const running = mqttBridge(of([MODEM]), { url, ...userOf(agent) }, { agent }).subscribe();
process.once('SIGTERM', () => running.unsubscribe());

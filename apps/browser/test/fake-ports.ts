import { emulator } from '@a7600/testing';
import { webPort } from '@a7600/testing/web';
import { linkPair, type Transport } from '@a7600/transport';
import { concat, defer, NEVER, of } from 'rxjs';

// The `navigator.serial` of a worker, with one port that is not a real one. It is put before the worker's script,
// after a line that says which port it is.

/** Ports, as they are found in the field. */
export type FakePort = 'good' | 'taken' | 'silent' | 'wrong rate';

const scope = globalThis as unknown as { readonly fakePort: FakePort };

/** The rate of a module that is not the usual one. */
const OTHER_RATE = 9_600;

/** A device that takes what is sent, and sends nothing. */
const silence: Transport = defer(() => {
  const [host, device] = linkPair();
  device.received$.subscribe({ error: () => {} });
  return concat(of(host), NEVER);
});

function portOf(kind: FakePort) {
  const module = emulator({
    whenClosed: 'goes on',
    ...(kind === 'wrong rate' && { baudRate: OTHER_RATE, uart: {} }),
  });
  const port = webPort(kind === 'silent' ? silence : module);
  const opened = port.open.bind(port);
  port.open = async (settings) => {
    if (kind === 'taken') throw new DOMException('Failed to open serial port.', 'NetworkError');
    await opened(settings);
    if (kind === 'wrong rate') module.control.setHostFormat({ baudRate: settings.baudRate });
  };
  return port;
}

const port = portOf(scope.fakePort);
Object.defineProperty(navigator, 'serial', { value: { getPorts: async () => [port] } });
// The test pulls the plug.
new BroadcastChannel('fake port').onmessage = () => port.unplug();

import { listModems, serial } from '@a7600/transport/serialport';

for (const { path, role, heldBy } of await listModems()) {
  const programs = heldBy.map(({ name }) => name);
  console.log(path, role, programs); // /dev/ttyUSB2 at [ 'ModemManager' ]
}

/** A port with a known path, at a higher speed and with flow control. */
export const fast$ = serial({ path: '/dev/ttyUSB2', baudRate: 921_600, rtscts: true });

/** The port for AT commands of an A7600, whatever its path is. */
export const a7600$ = serial({ find: { vendorId: '1e0e', productId: '9011' } });

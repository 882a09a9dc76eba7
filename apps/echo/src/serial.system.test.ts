import { emulator } from '@a7600/testing';
import { hostNetwork, onPty } from '@a7600/testing/node';
import { type ByteLink, linkPair } from '@a7600/transport';
import { Observable } from 'rxjs';
import { expect, test } from 'vitest';
import { freePort } from '../../../tools/free-port.js';
import { type Demo, demos, exchange } from '../test/demos.js';

// The demo as a process, on a real serial port.

const demo = demos();

test('serves a module there, hides its secrets, and ends with a message when it goes away', async () => {
  const module = emulator({ network: hostNetwork() });
  module.control.surroundings.sim = 'SIM PIN';
  module.control.surroundings.pin = '4711';
  const port = await freePort();
  const options = ['--port', String(port), '--apn', 'private.apn', '--pin', '4711', '--trace'];
  const started = await new Promise<Demo>((resolve) => {
    const subscription = onPty(module).subscribe(({ path }) => {
      const running = demo('--serial', path, ...options);
      running.says(/Listening/).then(async () => {
        expect(await exchange(port, 'over the wire')).toBe('over the wire');
        subscription.unsubscribe();
        resolve(running);
      });
    });
  });
  expect(await started.exit).toBe(1);
  const { out, error } = started.printed;
  expect(error).toMatch(/^Lost the serial port \/dev\/pts\/\d+: .*\n$/);
  expect(out).toMatch(/^Modem: waiting for registration/m);
  expect(out).toContain('AT+CGDCONT=1,"IP","…"␍');
  expect(out).not.toMatch(/private\.apn|4711/);
});

test('names the usual causes early when nothing answers there', async () => {
  const silent = new Observable<ByteLink>((subscriber) => subscriber.next(linkPair()[0]));
  await new Promise<void>((resolve, reject) => {
    const subscription = onPty(silent).subscribe(({ path }) => {
      const { says, child } = demo('--serial', path);
      says(/No answer on \/dev\/pts\/\d+ at 115200 baud yet/)
        .then(() => child.kill('SIGINT'))
        .then(() => resolve(), reject)
        .finally(() => subscription.unsubscribe());
    });
  });
});

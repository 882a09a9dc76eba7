import type { Attachment, Terminal } from '../../networks/mobile/terminal.js';
import { callsOf } from '../calls/calls.js';
import { arrive } from '../messages/arrival.js';
import { hearBroadcast } from '../messages/broadcasts.js';
import type { Module } from '../module.js';
import { perModule } from '../per-module.js';
import { realTimeClockOf } from './clock.js';
import { ussdOf } from './ussd.js';

/** The module as a subscriber of the mobile network: it has a number as long as it exists. */
export class Subscriber {
  readonly attachment: Attachment;

  constructor(module: Module) {
    const terminal: Terminal = {
      reachable: () => module.power === 'on' && module.sim.ready && module.radio.serving,
      receive: (message) => arrive(message, module),
      ring: (call) => callsOf(module).ring(call),
      hearBroadcast: (page) => hearBroadcast(page, module),
      notify: (message) => ussdOf(module).present(message),
    };
    this.attachment = module.mobile.attach(terminal, module.surroundings.number);
    let served = false;
    module.watchPower((power) => {
      if (power === 'off') served = false;
    });
    module.radio.watch(() => {
      const serves = terminal.reachable();
      if (serves && !served) {
        realTimeClockOf(module).heardNetwork();
        // What waits for the module is delivered once it has settled down.
        module.clock.later(0, () => this.attachment.available());
      }
      served = serves;
    });
  }
}

/** Made with the module, so that others reach it from then on. */
export const subscriberOf = perModule((module) => new Subscriber(module));

import type { Connection } from '../../networks/network.js';
import type { Module } from '../module.js';

/** Time in ms after which the module looks again whether the host has taken what was printed. */
const LOOK_AGAIN = 10;

/** Lets a connection wait while the host takes less than the module prints. */
export function heedHost(connection: Connection, module: Module): void {
  if (!module.port.output.congested) return;
  connection.pause();
  const look = () => {
    if (module.port.output.congested) module.later(LOOK_AGAIN, look);
    else connection.resume();
  };
  module.later(LOOK_AGAIN, look);
}

import type { Subcommand } from '../subcommand.js';
import { at } from './at.js';
import { capture } from './capture.js';
import { connect } from './connect.js';
import { doctor } from './doctor.js';
import { forward } from './forward.js';
import { listen } from './listen.js';
import { proxy } from './proxy.js';
import { run } from './run.js';
import { speed } from './speed.js';
import { timeline } from './timeline.js';

/** The subcommands, in the order in which `--help` lists them. */
export const subcommands: readonly Subcommand[] = [
  doctor,
  at,
  proxy,
  run,
  connect,
  listen,
  forward,
  capture,
  timeline,
  speed,
];

import type { Subcommand } from '../subcommand.js';
import { at } from './at.js';
import { capture } from './capture.js';
import { connect } from './connect.js';
import { doctor } from './doctor.js';
import { emulate } from './emulate.js';
import { forward } from './forward.js';
import { list } from './list.js';
import { listen } from './listen.js';
import { proxy } from './proxy.js';
import { record } from './record.js';
import { replay } from './replay.js';
import { run } from './run.js';
import { speed } from './speed.js';
import { term } from './term.js';
import { timeline } from './timeline.js';

/** The subcommands, in the order in which `--help` lists them. */
export const subcommands: readonly Subcommand[] = [
  doctor,
  list,
  at,
  term,
  proxy,
  run,
  connect,
  listen,
  forward,
  record,
  replay,
  capture,
  timeline,
  speed,
  emulate,
];

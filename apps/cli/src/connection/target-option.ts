import { USUAL_TARGET } from '@a7600/diagnostics/doctor';
import type { Option } from 'commander';
import { withDefault } from '../with-default.js';
import { peer } from './options.js';

/** Makes the option `--target`: the peer that an examination connects to, by default a host that is there for that. */
export function targetOption(): Option {
  const typed = `${USUAL_TARGET.host}:${USUAL_TARGET.port}`;
  return withDefault('--target <host:port>', 'the peer that is connected to', peer, typed);
}

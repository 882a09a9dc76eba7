import { appendFileSync, readFileSync } from 'node:fs';
import type { Transport } from '@a7600/transport';
import { record, replay } from '@a7600/transport/recording';
import { map } from 'rxjs';

/** Use the result instead of `port`: it writes what passes to a file. */
export const recorded = (port: Transport, file: string): Transport =>
  port.pipe(map((link) => record(link, (line) => appendFileSync(file, line))));

/** A transport that plays the device of a recording, ten times as fast. */
export const replayed = (file: string): Transport => replay(readFileSync(file, 'utf8'), { speed: 10 });

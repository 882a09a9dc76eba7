import { basename } from 'node:path';
import { entriesOf } from '@a7600/diagnostics/capture';
import { timelineOf } from '@a7600/diagnostics/timeline';
import { defer, EMPTY } from 'rxjs';
import { fileSink } from '../capture/sink.js';
import { UsageError } from '../exit-code.js';
import { readGiven } from '../given-file.js';
import type { Subcommand } from '../subcommand.js';
import { lostTime } from '../timeline/lost-time.js';
import { pageOf } from '../timeline/page.js';

/** Shows a recording over time, as one HTML page. */
export const timeline: Subcommand = {
  notes: `Examples:
  a7600 timeline modem.recording modem.html
  a7600 timeline modem.recording > modem.html`,
  connects: false,
  define: (command) =>
    command
      .argument('<recording>', 'a recording of `a7600 record`')
      .argument('[file]', 'where to write; standard output unless it is given'),
  run: ({ args, console }) =>
    defer(() => {
      const [from = '', file] = args;
      const shown = timelineOf(entriesOf(readGiven('recording', from)));
      if (console.json) console.value({ ...lostTime(shown), length: shown.length, links: shown.links });
      else {
        const page = pageOf(shown, `Timeline of ${basename(from)}`);
        if (file === undefined || file === '-') {
          if (console.output.isTTY)
            throw new UsageError('The page is for a browser, not for a terminal. Name a file, or pipe it.');
          console.output.write(page);
        } else {
          const sink = fileSink(file, 'file');
          sink.write(Buffer.from(page));
          sink.close();
          console.tell(`Wrote ${file}. Open it in a browser.`);
        }
      }
      return EMPTY;
    }),
};

// A controller that watches: `watcher.ts URL COUNT SECONDS`. Prints how long the list took, and then its share of a core
// and its memory.

import { fleet } from '../src/nats/programs.js';
import { connected } from '../test/processes/connected.js';

const [url = '', count = '0', seconds = '10'] = process.argv.slice(2);
const connection = await connected(url);
const start = performance.now();
let listed = false;
fleet(connection).subscribe(({ modems$ }) => {
  modems$.subscribe((modems) => {
    if (listed) return;
    const present = modems.filter(
      ({ presence, agent }) => presence === 'present' && agent.startsWith('SIM-'),
    );
    if (present.length < Number(count)) return;
    listed = true;
    console.log(JSON.stringify({ ms: performance.now() - start }));
    const before = process.cpuUsage();
    const from = performance.now();
    setTimeout(() => {
      const { user, system } = process.cpuUsage(before);
      const share = (user + system) / 1_000 / (performance.now() - from);
      console.log(JSON.stringify({ share, megabytes: process.memoryUsage().rss / 1e6 }));
    }, Number(seconds) * 1_000);
  });
});

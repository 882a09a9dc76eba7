import { linkPair } from '@a7600/transport';
import { VirtualTimeScheduler } from 'rxjs';

const [host, device] = linkPair(); // synchronous: a write is accepted when the other end receives it
device.received$.subscribe({ next: (bytes) => console.log(`${bytes.length} bytes`), error: () => {} });
host.write('AT\r').subscribe(); // 3 bytes
device.lose(new Error('unplugged'));

const scheduler = new VirtualTimeScheduler();
const [near, far] = linkPair({ latency: 40, bandwidth: 11_520, chunk: () => 16, scheduler });
far.received$.subscribe((bytes) => console.log(`${bytes.length} bytes after ${scheduler.now()} ms`));
near.write('x'.repeat(32)).subscribe(); // twice 16 bytes
scheduler.flush();

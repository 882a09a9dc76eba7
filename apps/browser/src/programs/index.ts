import echoServer from './echo-server.ts?raw';
import httpRequest from './http-request.ts?raw';
import reconnect from './reconnect.ts?raw';
import udp from './udp.ts?raw';
import watch from './watch.ts?raw';

/** A program that comes with the page. */
export interface Example {
  readonly name: string;
  readonly text: string;
}

/** Watches a real module. */
export const watcher: Example = { name: 'Watch the signal', text: watch };

/** The programs that come with the page; the first one runs on an emulated module. */
export const examples: readonly [Example, ...Example[]] = [
  { name: 'Echo server', text: echoServer },
  { name: 'HTTP request', text: httpRequest },
  { name: 'UDP: ask for the time', text: udp },
  { name: 'Reconnect', text: reconnect },
  watcher,
];

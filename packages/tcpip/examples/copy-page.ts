import http from 'node:http';
import type { Network } from '@a7600/tcpip';
import { modemConnect } from '@a7600/tcpip/node';

/** Copies a page to a stream such as `process.stdout`. */
export function copyPage(network: Network, url: string, target: NodeJS.WritableStream): void {
  const agent = modemConnect(network).httpAgent();
  http.get(url, { agent }, (response) => response.pipe(target));
}

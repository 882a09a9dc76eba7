import http from 'node:http';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { emulator, memoryNetwork } from '@a7600/testing';
import { firstValueFrom } from 'rxjs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { copyPage } from '../examples/copy-page.js';
import { fetchPage } from '../examples/fetch-page.js';
import { stayOnline } from '../examples/stay-online.js';
import { timeOfDay } from '../examples/time-of-day.js';
import { listening, online } from '../test/online.js';
import { bytesOf, observe, openNetwork, textOf, world } from '../test/world.js';

describe('the examples', () => {
  test('a page', async () => {
    const network = memoryNetwork();
    network.serve('example.com', 80).subscribe((connection) => {
      connection.received$.subscribe((request) => {
        const answer = bytesOf(`HTTP/1.0 200 OK\r\n\r\n${request.length}`);
        connection.write(answer).subscribe({ complete: () => connection.close().subscribe() });
      });
    });
    const page$ = fetchPage(emulator({ network }), 'example.com');
    expect(await firstValueFrom(page$)).toBe('HTTP/1.0 200 OK\r\n\r\n37');
  });

  test('the time of day', () => {
    const w = world();
    const server = observe(w.outside.host('10.9.9.9').bind(123)).last;
    server.received$.subscribe(({ bytes, from }) => {
      const answer = new Uint8Array(48);
      new DataView(answer.buffer).setUint32(40, 2_208_988_800 + 86_400);
      expect(bytes[0]).toBe(0x23);
      server.send(answer, from).subscribe();
    });
    const time = observe(timeOfDay(openNetwork(w).last, '10.9.9.9'));
    w.advance(1_000);
    expect([time.values, time.end]).toEqual([[new Date('1970-01-02')], 'complete']);
    expect(w.module.control.openLinks).toBe(0);
  });

  test('a page for a Node program', async () => {
    const server = http.createServer((_, response) => response.end('hello'));
    const port = await listening(server);
    const modem = await online();
    const copied = new PassThrough();
    copyPage(modem.net, `http://127.0.0.1:${port}/`, copied);
    expect(await text(copied)).toBe('hello');
    server.closeAllConnections();
    server.close();
    await modem.close();
  });

  describe('staying online', () => {
    afterEach(() => {
      vi.useRealTimers();
    });

    test('the server answers again after the network was lost', async () => {
      vi.useFakeTimers();
      const network = memoryNetwork();
      const module = emulator({ network });
      const steps: string[] = [];
      const life = stayOnline(module, (line) => steps.push(line)).subscribe();
      const echo = async () => {
        const link = observe(network.callIn(7)).last;
        const echoed = observe(link.received$);
        link.write(bytesOf('hello')).subscribe();
        await vi.advanceTimersByTimeAsync(1_000);
        return textOf(echoed.values);
      };
      await vi.advanceTimersByTimeAsync(5_000);
      expect(await echo()).toBe('hello');
      module.control.loseBearer();
      await vi.advanceTimersByTimeAsync(5_000);
      expect(await echo()).toBe('hello');
      expect(steps).toEqual([expect.stringMatching(/^link in \d+ ms, after: The module lost the network/)]);
      life.unsubscribe();
      await vi.advanceTimersByTimeAsync(60_000);
      expect(module.control.networkOpen).toBe(false);
    });
  });
});

import { describe, expect, test, vi } from 'vitest';
import { example } from './support/example.js';
import { localHttp } from './support/local.js';
import { run } from './support/run.js';

describe('a mistake ends an example with one line', () => {
  test.each([
    [['--serial', '/dev/nothing'], 'With --serial, say where to: a URL.'],
    [['--serial', '/dev/nothing', 'http://localhost'], 'There is no serial port /dev/nothing'],
    [['--apn', 'internet'], '--apn is for a real module: give its port with --serial.'],
    [['--pin', '1234'], '--pin is for a real module: give its port with --serial.'],
    [['example.com'], 'example.com is not a URL.'],
    [['http://a', 'http://b'], 'There can be only one target: http://a, http://b.'],
    [['--nonsense'], "Unknown option '--nonsense'"],
  ])('%s', async (args, message) => {
    const printed = vi.spyOn(console, 'error').mockReturnValue();
    const { argv } = process;
    process.argv = ['node', 'http.ts', ...args];
    try {
      await example(localHttp, async () => {});
      expect(process.exitCode).toBe(1);
      const [[said], ...more] = printed.mock.calls.slice(-1) as [unknown[]];
      expect(said).toContain(message);
      expect(String(said).split('\n')).toHaveLength(1);
      expect(more).toEqual([]);
    } finally {
      process.argv = argv;
      process.exitCode = undefined;
      printed.mockRestore();
    }
  });

  test('and with 1', async () => {
    await expect(run('http', '--nonsense')).rejects.toThrow(
      /^http ended with 1: Unknown option '--nonsense'.*\n$/,
    );
  });
});

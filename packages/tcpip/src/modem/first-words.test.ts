import { linkPair } from '@a7600/transport';
import { concat, EMPTY, NEVER, of, VirtualTimeScheduler } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { bytesOf, errorOf, observe } from '../../test/world.js';
import { FirstWords } from '../session/first-words.js';
import { modem } from './open-modem.js';

const heard = (...chunks: (string | Uint8Array)[]) => {
  const words = new FirstWords();
  for (const chunk of chunks) words.add(typeof chunk === 'string' ? bytesOf(chunk) : chunk);
  return words;
};

describe('a port where no module answers', () => {
  test('is named as the one of the satellite receiver, however its sentences are cut', () => {
    const error = heard('.0,E*7A\r\n$GPGGA,12', '3519.00,4807.038,N,01131.000,E,1\r\n').silent([115_200]);
    expect(error).toMatchObject({ code: 'WRONG_PORT', message: expect.stringMatching(/NMEA.*listModems/) });
  });

  test('says that bytes come that are no text', () => {
    const error = heard(Uint8Array.from({ length: 300 }, (_, at) => (at * 37) & 255)).silent([9_600]);
    expect(error.message).toMatch(/at 9600 bit\/s\. Bytes come that are no text: the baud rate may be wrong/);
  });

  test('names all rates that were tried, and nothing that was not', () => {
    expect(heard().silent([115_200, 9_600]).message).toMatch(
      /rates that were tried \(115200, 9600 bit\/s\)\. Check/,
    );
    expect(heard().silent([]).message).toMatch(/does not answer AT\. Check/);
  });

  test.each([
    [
      'all of it',
      'AT\r\x1b\rAT\rAT\r+++\xf9\x03\xef\x05\xc3\x01\xf2\xf9\rATQ0V1\rAT\r\nATS3=13S4=10\n\rAT\r',
    ],
    ['the end of it', `TQ0V1\rAT\r${' '.repeat(350)}\rAT\rAT\r`],
  ])('is named as one that sends back what it is sent: %s', (_, text) => {
    expect(heard(text).silent([9_600]).message).toMatch(
      /^What is sent comes back at 9600 bit\/s, and nothing answers/,
    );
    expect(heard(`${text}\r\nOK, which system?\r\n`).silent([]).message).toContain('It printed');
  });

  test('is quoted', () => {
    expect(heard('login: ').silent([]).message).toContain('It printed "login:".');
  });

  test.each([
    ['AT+CPIN="4321"\r\r\n+CME ERROR: 16\r\n', 'AT+CPIN="████" +CME ERROR: 16'],
    ['+CGDCONT: 1,"IP","corp.apn"\r\n', '+CGDCONT: 1,"IP","████████"'],
    ['IMEI: 862636050000019\r\n', 'IMEI: ███████████████'],
    [`${'x'.repeat(395)}CPIN="4321"\r\nOK\r\n`, 'OK'],
  ])('is quoted without secrets, also where it was cut: %j', (text, quoted) => {
    expect(heard(text).silent([]).message).toContain(`It printed "${quoted}".`);
  });
});

describe('opening a modem', () => {
  test('quotes what a serial server said before it hung up, and may be tried again', () => {
    const scheduler = new VirtualTimeScheduler(undefined, 60_000);
    const [host, server] = linkPair();
    const opened = observe(modem(concat(of(host), NEVER), { scheduler }));
    server.write('Port already in use\r\n').subscribe();
    server.close().subscribe({ error: () => {} });
    scheduler.flush();
    expect(errorOf(opened)).toMatchObject({
      code: 'TRANSPORT_LOST',
      message: expect.stringContaining('"Port already in use"'),
    });
  });

  test('names the rates at which a silent module was looked for', () => {
    const scheduler = new VirtualTimeScheduler(undefined, 60_000);
    const [host, device] = linkPair();
    device.received$.subscribe({ error: () => {} });
    const port = Object.assign(host, { setBaudRate: () => EMPTY, baudRate: 115_200 });
    const opened = observe(
      modem(concat(of(port), NEVER), { scheduler, baudRates: [115_200, 9_600], startTimeout: 10_000 }),
    );
    scheduler.flush();
    expect(errorOf(opened)).toMatchObject({
      code: 'MODULE_SILENT',
      message: expect.stringContaining('(115200, 9600 bit/s)'),
    });
  });
});

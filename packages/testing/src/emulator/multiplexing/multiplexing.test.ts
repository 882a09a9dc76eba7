import { describe, expect, test } from 'vitest';
import { bytesOf, type Console, type ConsoleOptions, observe, open, textOf } from '../../../test/console.js';
import { a76xx } from '../profiles/a76xx.js';
import { sim7600 } from '../profiles/sim7600.js';
import { printFrame } from './frame.js';

const hex = (text: string) => Buffer.from(text, 'latin1').toString('hex');
const bytes = (digits: string) => Uint8Array.from(Buffer.from(digits.replaceAll(' ', ''), 'hex'));
const OK = '\r\nOK\r\n';

/** The frame in which a host sends text on a channel. */
const typed = (dlci: number, text: string) =>
  printFrame({ dlci, cr: true, control: 0xef, payload: bytesOf(text) }, a76xx);

const SABM0 = bytes('f9033f011cf9');
const UA0 = 'f9037301d7f9';
const SABM1 = bytes('f9073f01def9');
const UA1 = 'f907730115f9';
/** The module drives RTC and RTR on channel 1. */
const MSC1 = 'f901ef09e305070d9af9';

/** A module whose line is multiplexed, with these channels open. */
function multiplexed(options: ConsoleOptions = {}, channels = [1], command = '+CMUX=0'): Console {
  const console = open(options);
  expect(console.at(command)).toBe(OK);
  console.type(SABM0);
  for (const dlci of channels) {
    console.type(printFrame({ dlci, cr: true, control: 0x3f, payload: new Uint8Array() }, a76xx));
  }
  return console;
}

/** The payloads in what a module prints, by channel; the frames have to be whole. */
function payloads(printed: string): Map<number, string> {
  const found = new Map<number, string>();
  const printedBytes = Buffer.from(printed, 'latin1');
  for (let at = 0; at < printedBytes.length; ) {
    if (printedBytes[at] !== 0xf9) throw new Error(`No flag at ${at}.`);
    const dlci = (printedBytes[at + 1] as number) >> 2;
    const first = printedBytes[at + 3] as number;
    const isShort = (first & 1) === 1;
    const length = isShort ? first >> 1 : (first >> 1) + ((printedBytes[at + 4] as number) << 7);
    const start = at + (isShort ? 4 : 5);
    found.set(dlci, (found.get(dlci) ?? '') + printedBytes.toString('latin1', start, start + length));
    at = start + length + 2;
  }
  return found;
}

describe('AT+CMUX (protocol 4.6)', () => {
  test('is set up, and carries AT, byte by byte as hosts have recorded it (log esp #140)', () => {
    const console = open();
    expect(console.at('+CMUX=0')).toBe(OK);
    expect(hex(console.type(SABM0))).toBe(UA0);
    expect(hex(console.type(SABM1))).toBe(UA1 + MSC1);
    // The host's MSC, and its answer to the module's.
    expect(hex(console.type(bytes('f903ef09e3050 78dfbf9')))).toBe(hex(textOf(messageOnControl('e105078d'))));
    expect(console.type(bytes('f903ef09e105070dfbf9'))).toBe('');
    console.type(typed(1, 'ATE0\r'));
    expect(hex(console.type(bytes('f907ef0741540dd3f9')))).toBe('f905ef0d0d0a4f4b0d0a5ff9');
  });

  test('each channel is a port of its own', () => {
    const console = multiplexed({}, [1, 2]);
    console.type(typed(1, 'ATE0\r'));
    expect(payloads(console.type(typed(1, 'AT+CMEE=1\r')))).toEqual(new Map([[1, OK]]));
    expect(payloads(console.type(typed(2, 'AT+CMEE?\r')))).toEqual(
      new Map([[2, `AT+CMEE?\r\r\n+CMEE: 1\r\n${OK}`]]),
    );
  });

  test('SABM on an open channel is acknowledged, and the signals are stated again (27.010, 5.4.6.3.7)', () => {
    const console = multiplexed();
    expect(hex(console.type(SABM1))).toBe(UA1 + MSC1);
    expect(payloads(console.type(typed(1, 'AT\r'))).get(1)).toContain(OK);
  });

  test('what is set is shown, and forgotten by a restart', () => {
    const console = multiplexed({}, [1], '+CMUX=0,0,5,127,0,0,10');
    console.type(typed(1, 'ATE0\r'));
    expect(payloads(console.type(typed(1, 'AT+CMUX?\r'))).get(1)).toContain('+CMUX: 0,0,5,127,0,0,10');
    expect(payloads(console.type(typed(1, 'AT+CMUX=0\r'))).get(1)).toBe('\r\nERROR\r\n');
    console.module.control.restart();
    expect(console.wait(10_000)).toContain('\r\n*ATREADY: 1\r\n');
    expect(console.at('+CMUX?')).toContain('+CMUX: 0,0,5,1500,0,0,600');
  });

  test('frames are as long as AT+CMUX or PN lets them be', () => {
    const console = multiplexed({}, [1], '+CMUX=0,0,5,8');
    const lengths = (printed: string) =>
      hex(printed)
        .match(/f905ef(..)/g)
        ?.map((each) => each.slice(6));
    console.type(typed(1, 'ATE0\r'));
    expect(lengths(console.type(typed(1, 'AT+CSQ\r')))).toEqual(['11', '0d', '0d']);
    // PN for channel 1: N1 4; answered with the same.
    expect(hex(console.type(messageOnControl('83110100000a04000302', true)))).toContain(
      '8111' + '0100000a04000302',
    );
    expect(lengths(console.type(typed(1, 'AT\r')))).toEqual(['09', '05']);
  });

  test('a frame beyond N1 and one with a wrong checksum are dropped, what follows is read', () => {
    const console = multiplexed({}, [1], '+CMUX=0,0,5,8');
    console.type(typed(1, 'ATE0\r'));
    expect(console.type(typed(1, 'AT+CGMI;+CGMM\r'))).toBe('');
    const wrong = typed(1, 'AT\r');
    wrong[wrong.length - 2] = 0;
    expect(console.type(wrong)).toBe('');
    expect(payloads(console.type(typed(1, 'AT\r'))).get(1)).toBe(OK);
  });

  test('channels beyond the fourth, and those that are not open, are answered with DM', () => {
    const console = multiplexed();
    expect(hex(console.type(bytes('f9173f01c0f9'.replace('c0', checksumOf('173f01')))))).toBe(
      `f9171f01${checksumOf('171f01')}f9`,
    );
    expect(hex(console.type(typed(3, 'AT\r')))).toBe('f90f1f01b1f9');
  });

  test('Test is answered with itself, RPN with the speed, what is unknown with NSC', () => {
    const console = multiplexed();
    expect(hex(console.type(bytes('f903ef0b230761626318f9')))).toContain('2107616263');
    expect(hex(console.type(messageOnControl('930307', true)))).toContain('9111' + '0707030011130000');
    expect(hex(console.type(messageOnControl('1b01', true)))).toContain('11031b');
  });

  test('reports go to every open channel, and to none of another', () => {
    const console = multiplexed({}, [1, 2]);
    console.module.control.report('+CPIN: READY');
    const report = '\r\n+CPIN: READY\r\n';
    expect(payloads(console.printed())).toEqual(
      new Map([
        [1, report],
        [2, report],
      ]),
    );
  });

  test('DISC closes one channel, CLD all of them: plain AT mode again', () => {
    const console = multiplexed({}, [1, 2]);
    expect(hex(console.type(bytes('f90753013ff9')))).toBe(UA1);
    expect(hex(console.type(typed(1, 'AT\r')))).toBe(`f9071f01${checksumOf('071f01')}f9`);
    expect(hex(console.type(bytes('f903ef05c301f2f9')))).toBe(hex(textOf(messageOnControl('c101'))));
    expect(console.at('')).toBe(OK);
    const again = multiplexed();
    expect(hex(again.type(bytes('f9035301fdf9')))).toBe(UA0);
    expect(again.at('')).toBe(OK);
  });

  test('a program that is gone leaves the line multiplexed', () => {
    const console = multiplexed({ whenClosed: 'goes on' });
    console.close();
    console.reopen();
    expect(console.at('')).toBe('');
    expect(hex(console.type(bytes('f903ef05c301f2f9')))).toContain('c101');
    expect(console.at('')).toBe(OK);
  });
});

describe('flow control', () => {
  test('the host stops one channel (MSC), or all (FCoff)', () => {
    const console = multiplexed({}, [1, 2]);
    for (const dlci of [1, 2]) console.type(typed(dlci, 'ATE0\r'));
    console.type(messageOnControl('e305078f', true));
    expect(console.type(typed(1, 'AT\r'))).toBe('');
    expect(payloads(console.type(typed(2, 'AT\r'))).get(2)).toBe(OK);
    expect(payloads(console.type(messageOnControl('e305078d', true))).get(1)).toBe(OK);
    expect(hex(console.type(bytes('f903ef056301f2f9')))).toContain('6101');
    expect(console.type(typed(2, 'AT\r'))).toBe('');
    expect(payloads(console.type(messageOnControl('a301', true))).get(2)).toBe(OK);
  });

  test('the module stops a channel whose data finds no room, and says when it may go on', () => {
    const console = multiplexed({}, [1, 2]);
    const far: string[] = [];
    for (const command of ['E0', '+CIPMODE=1', '+NETOPEN']) console.type(typed(1, `AT${command}\r`));
    const accepted = observe(console.outside.serve('10.0.9.9', 1));
    const connect = console.type(typed(1, 'AT+CIPOPEN=0,"TCP","10.0.9.9",1\r'));
    expect(payloads(connect).get(1)).toContain('CONNECT');
    // DV: there is a carrier.
    expect(hex(connect)).toContain('e305078d');
    let printed = '';
    for (let count = 0; count < 100; count++) printed += console.type(typed(1, 'x'.repeat(1_000)));
    printed += console.wait(1_000);
    expect(hex(printed)).toContain('e305078f');
    const [peer] = accepted.values;
    peer?.received$.subscribe((each) => far.push(textOf(each)));
    expect(hex(console.wait(60_000))).toContain('e305078d');
  });

  test('a program that stops reading loses nothing, and keeps no other channel from its turn', () => {
    const console = multiplexed({}, [1, 2], '+CMUX=0,0,5,64');
    console.type(typed(1, 'ATE0\r'));
    console.type(typed(2, 'ATE0\r'));
    console.pause();
    for (let count = 0; count < 20; count++) console.type(typed(1, 'AT+CMUX?\r'));
    console.type(typed(2, 'AT+CSQ\r'));
    expect(console.printed()).toBe('');
    console.resume();
    const found = payloads(console.printed());
    expect(found.get(1)?.match(/OK/g)).toHaveLength(20);
    expect(found.get(2)).toContain('+CSQ:');
  });
});

describe('firmware that differs', () => {
  test('refuses', () => {
    expect(open({ profile: { ...a76xx, multiplexing: 'refused' } }).at('+CMUX=0')).toBe('\r\nERROR\r\n');
  });

  test('says OK and stays in plain AT mode (log esp #669)', () => {
    const console = open({ profile: { ...a76xx, multiplexing: 'only says OK' } });
    expect(console.at('+CMUX=0')).toBe(OK);
    expect(console.type(SABM0)).toBe('');
    expect(console.type('\rAT\r')).toContain(OK);
  });

  test('sends no MSC, and answers none', () => {
    const console = open({ profile: { ...a76xx, signalsChannels: false } });
    console.at('+CMUX=0');
    console.type(SABM0);
    expect(hex(console.type(SABM1))).toBe(UA1);
    expect(console.type(messageOnControl('e305078d', true))).toBe('');
  });

  test('acknowledges a channel that carries nothing', () => {
    const console = multiplexed({ profile: { ...a76xx, stuckChannel: 2 } }, [1, 2]);
    expect(console.type(typed(2, 'AT\r'))).toBe('');
    expect(payloads(console.type(typed(1, 'AT\r'))).get(1)).toContain('OK');
  });

  test('checks two bytes of a length in the wrong order', () => {
    const console = multiplexed({ profile: { ...a76xx, swapsLongLengths: true } });
    const printed = hex(console.type(typed(1, `AT+CGDCONT=1,"IP","${'x'.repeat(90)}"\r`)));
    console.type(typed(1, 'ATE0\r'));
    expect(printed.length).toBeGreaterThan(0);
    const long = hex(console.type(typed(1, 'AT+CGDCONT?;+CGDCONT?\r')));
    const head = /f905ef(....)/.exec(long)?.[1] ?? '';
    expect(long).toContain(`${checksumOf(`05ef${head.slice(2)}${head.slice(0, 2)}`)}f9`);
  });

  test('a SIM7600 polls with its data, and fills with flags', () => {
    const console = multiplexed({ profile: sim7600 });
    console.type(typed(1, 'ATE0\r'));
    expect(hex(console.type(typed(1, 'AT\r')))).toMatch(/^f905ff0d0d0a4f4b0d0a..f9f9f9f9f9$/);
  });

  test('prints a line when a channel is opened', () => {
    const console = open({ profile: { ...a76xx, channelGreeting: 'QCRDY' } });
    console.at('+CMUX=0');
    console.type(SABM0);
    expect(payloads(console.type(SABM1)).get(1)).toBe('\r\nQCRDY\r\n');
  });

  test('confirms the close-down and stays multiplexed', () => {
    const console = multiplexed({ profile: { ...a76xx, leavesMultiplexing: false } });
    expect(hex(console.type(bytes('f903ef05c301f2f9')))).toContain('c101');
    expect(console.at('')).toBe('');
    expect(hex(console.type(SABM0))).toBe(UA0);
  });
});

/** A message on the control channel, of the host if `cr`. */
function messageOnControl(digits: string, cr = false): Uint8Array {
  return printFrame({ dlci: 0, cr, control: 0xef, payload: bytes(digits) }, a76xx);
}

function checksumOf(digits: string): string {
  const frame = printFrame({ dlci: 0, cr: true, control: 0x3f, payload: new Uint8Array() }, a76xx);
  expect(hex(textOf(frame))).toBe('f9033f011cf9');
  return remainderOf(bytes(digits)).toString(16).padStart(2, '0');
}

/** The checksum by the table-free form of annex B.3, reflected. */
function remainderOf(checked: Uint8Array): number {
  let register = 0xff;
  for (const byte of checked) {
    register ^= byte;
    for (let bit = 0; bit < 8; bit++) register = register & 1 ? (register >> 1) ^ 0xe0 : register >> 1;
  }
  return 0xff - register;
}

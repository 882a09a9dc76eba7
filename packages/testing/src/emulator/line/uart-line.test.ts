import { linkPair } from '@a7600/transport';
import { describe, expect, test } from 'vitest';
import { bytesOf, observe, textOf } from '../../../test/observing.js';
import { virtualTime } from '../../../test/virtual-time.js';
import { random } from '../../random.js';
import { Clock } from '../clock.js';
import { Faults } from '../faults/faults.js';
import { directLine } from './direct-line.js';
import { Fifo } from './fifo.js';
import { DEFAULT_FORMAT } from './serial-format.js';
import { type UartOptions, uartLine } from './uart-line.js';

/** A host and a module's end on a UART of 10 bytes per ms; the module does not read by itself. */
function rig(options: UartOptions = {}) {
  const time = virtualTime();
  const [host, far] = linkPair();
  const input = new Fifo();
  const log: string[] = [];
  const end = {
    input,
    receive: (bytes: Uint8Array) => input.push(bytes),
    drained: () => log.push(`drained at ${time.scheduler.now()}`),
  };
  const line = uartLine(far, end, {
    clock: new Clock(time.scheduler),
    faults: new Faults(),
    chance: random(1),
    baudRate: 100_000,
    ...options,
  });
  const settings = {
    format: { ...DEFAULT_FORMAT, baudRate: 100_000 },
    heedsHost: false,
    holdsHost: false,
  };
  line.configure(settings);
  const read = () => {
    let text = '';
    for (let bytes = input.peek(); bytes !== undefined; bytes = input.peek()) {
      text += textOf(bytes);
      input.drop(bytes.length);
    }
    return text;
  };
  return { ...time, host, line, input, read, log, settings };
}

describe('a UART', () => {
  test('carries both directions at the same time, each at its full speed', () => {
    const { host, line, read, advance, log } = rig();
    const atHost = observe(host.received$);
    line.send(bytesOf('x'.repeat(100)));
    observe(host.write(bytesOf('y'.repeat(100))));
    advance(9.99);
    expect([log, read().length]).toEqual([[], 64]);
    advance(0.01);
    expect([atHost.values.length, read().length, log]).toEqual([2, 36, ['drained at 10']]);
  });

  test('says when everything that its port accepted has left it, also when flow control held it back', () => {
    const { host, line, input, advance, settings } = rig({ rtscts: true, moduleStop: 64 });
    line.configure({ ...settings, holdsHost: true });
    const written = observe(host.write(bytesOf('x'.repeat(100))));
    const drained = observe(line.drain());
    advance(1_000);
    expect([written.end, drained.end]).toEqual(['complete', 'open']);
    input.drop(64);
    advance(3.5);
    expect(drained.end).toBe('open');
    advance(0.1);
    expect(drained.end).toBe('complete');
    expect(observe(line.drain()).end).toBe('complete');
  });

  test('takes what the host writes into a buffer, and holds it back when that is full', () => {
    const { host, advance, run, read, input } = rig({ hostBuffer: 100, moduleFifo: 1_000 });
    const writes = [1, 2, 3].map(() => observe(host.write(new Uint8Array(80))));
    expect(writes.map(({ end }) => end)).toEqual(['complete', 'complete', 'open']);
    advance(14.4);
    expect(writes[2]?.end).toBe('complete');
    run();
    expect([input.length, read().length]).toEqual([240, 240]);
  });

  test('loses what does not fit into the FIFO of a module that is at work', () => {
    const { host, run, input } = rig();
    observe(host.write(new Uint8Array(600)));
    run();
    expect([input.length, input.lost]).toEqual([512, 88]);
  });

  test('with RTS/CTS on both ends the module holds the host back, and nothing is lost', () => {
    const { host, line, settings, run, advance, read, input } = rig({ rtscts: true });
    line.configure({ ...settings, holdsHost: true });
    observe(host.write(bytesOf('z'.repeat(600))));
    advance(1_000);
    expect(input.length).toBe(64);
    let text = '';
    for (let turn = 0; turn < 20; turn++) {
      text += read();
      run();
    }
    expect([text, input.lost]).toEqual(['z'.repeat(600), 0]);
  });

  test('loses what does not fit into the FIFO of a host that does not read (Q-35)', () => {
    const { host, line, run } = rig({ hostFifo: 32 });
    line.send(bytesOf('\r\n+IP ERROR: Network is already opened\r\n'));
    run();
    const atHost = observe(host.received$);
    expect(atHost.values.map(textOf)).toEqual(['\r\n+IP ERROR: Network is already ']);
    expect(line.lostByHost).toBe(8);
  });

  test('with RTS/CTS on both ends the host holds the module back', () => {
    const { host, line, settings, run } = rig({ rtscts: true, hostFifo: 128 });
    line.configure({ ...settings, heedsHost: true });
    line.send(bytesOf('w'.repeat(1_000)));
    run();
    expect(line.backlog).toBe(1_000);
    const atHost = observe(host.received$);
    run();
    expect([atHost.values.map(textOf).join('').length, line.lostByHost]).toEqual([1_000, 0]);
  });

  test('flow control that only one end uses holds no end back', () => {
    const { host, line, settings, run, input } = rig();
    line.configure({ ...settings, holdsHost: true, heedsHost: true });
    observe(host.write(new Uint8Array(600)));
    run();
    expect(input.lost).toBe(88);
  });

  test('ends of different speed see as many bytes, but others', () => {
    const { host, line, settings, run, read } = rig();
    const atHost = observe(host.received$);
    line.send(bytesOf('OK'));
    line.configure({ ...settings, format: { ...DEFAULT_FORMAT, baudRate: 50_000 } });
    run();
    line.send(bytesOf('hello'));
    observe(host.write(bytesOf('AT')));
    run();
    const [first, second] = atHost.values.map(textOf);
    expect([first, second?.length, second === 'hello', read() === 'AT']).toEqual(['OK', 5, false, false]);
    line.setHostFormat({ baudRate: 50_000 });
    observe(host.write(bytesOf('AT')));
    run();
    expect(read()).toBe('AT');
  });

  test('taken away, it carries nothing any more', () => {
    const { host, line, run, read, scheduler } = rig();
    observe(host.write(bytesOf('AT')));
    line.send(bytesOf('OK'));
    line.disconnect();
    run();
    expect([read(), scheduler.actions]).toEqual(['', []]);
  });
});

describe('a direct line', () => {
  test('holds back who writes faster than the other reads, in both directions', () => {
    const [host, far] = linkPair();
    const input = new Fifo();
    let drained = 0;
    const end = {
      input,
      receive: (bytes: Uint8Array) => input.push(bytes),
      drained: () => {
        drained += 1;
      },
    };
    const line = directLine(far, end, {
      clock: new Clock(virtualTime().scheduler),
      faults: new Faults(),
    });
    const writes = [1, 2, 3].map(() => observe(host.write(new Uint8Array(3_000))));
    expect(writes.map(({ end }) => end)).toEqual(['complete', 'complete', 'open']);
    input.drop(3_000);
    input.drop(1_500);
    expect(writes[2]?.end).toBe('complete');
    line.send(bytesOf('one'));
    line.send(bytesOf('two'));
    expect(line.backlog).toBe(6);
    expect(observe(host.received$).values.map(textOf)).toEqual(['one', 'two']);
    expect([line.backlog, drained]).toEqual([0, 1]);
  });
});

describe('a UART on an event loop that is late', () => {
  /** Nothing runs for that many ms; then everything that is due does. */
  const busy = ({ scheduler, advance }: ReturnType<typeof rig>, ms: number) => {
    scheduler.frame += ms;
    advance(0);
  };

  test('with RTS/CTS loses nothing, although a hundred times its FIFO is due', () => {
    const line = rig({ rtscts: true });
    line.line.configure({ ...line.settings, holdsHost: true });
    const text = Array.from({ length: 20_000 }, (_, at) => String.fromCharCode(0x20 + (at % 90))).join('');
    observe(line.host.write(bytesOf(text)));
    let heard = '';
    for (let turn = 0; turn < 2_000 && heard.length < text.length; turn++) {
      busy(line, 60);
      expect(line.input.length).toBeLessThan(192);
      heard += line.read();
    }
    expect([heard === text, line.input.lost]).toEqual([true, 0]);
  });

  test('without it, gives a module whose timer is late too the time that it would have had', () => {
    const line = rig();
    const text = 'x'.repeat(600);
    observe(line.host.write(bytesOf(text)));
    let heard = '';
    // It reads whenever something has waited for 5 ms.
    line.scheduler.schedule(function read() {
      heard += line.read();
      this.schedule(undefined, 5);
    }, 5);
    for (let turn = 0; turn < 50; turn++) busy(line, 60);
    expect([heard.length, line.input.lost]).toEqual([600, 0]);
  });

  test('without it, loses what hardware would lose: a module that does not read', () => {
    const line = rig();
    observe(line.host.write(bytesOf('x'.repeat(2_000))));
    for (let turn = 0; turn < 50; turn++) busy(line, 60);
    expect([line.input.length, line.input.lost]).toEqual([512, 1_488]);
  });

  test('towards a program that does not read, with RTS/CTS, loses nothing', () => {
    const line = rig({ rtscts: true, hostFifo: 256 });
    line.line.configure({ ...line.settings, heedsHost: true });
    line.host.pause();
    line.line.send(bytesOf('y'.repeat(3_000)));
    const heard = observe(line.host.received$);
    for (let turn = 0; turn < 10; turn++) busy(line, 60);
    line.host.resume();
    for (let turn = 0; turn < 200; turn++) busy(line, 60);
    expect([heard.values.map(textOf).join('').length, line.line.lostByHost]).toEqual([3_000, 0]);
  });
});

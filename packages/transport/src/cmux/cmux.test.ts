import { type Observable, of, VirtualTimeScheduler } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { moduleFrame, ScriptedModule } from '../../test/scripted-module.js';
import { linkPair } from '../link-pair.js';
import type { SerialLink } from '../serial-link.js';
import { type CmuxOptions, cmux } from './cmux.js';

const text = (value: string) => Uint8Array.from(value, (character) => character.charCodeAt(0));

function observe<T>(source$: Observable<T>) {
  const observed = { values: [] as T[], end: 'open' as 'open' | 'complete' | Error, unsubscribe: () => {} };
  const subscription = source$.subscribe({
    next: (value) => observed.values.push(value),
    error: (error: Error) => {
      observed.end = error;
    },
    complete: () => {
      observed.end = 'complete';
    },
  });
  observed.unsubscribe = () => subscription.unsubscribe();
  return observed;
}

/** A host over a line in memory, and the module at its end. */
function line(options: CmuxOptions = {}, ignored: readonly number[] = []) {
  const scheduler = new VirtualTimeScheduler();
  const [port, far] = linkPair();
  const module = new ScriptedModule(far);
  for (const control of ignored) module.ignored.add(control);
  const mux = observe(cmux(of(port), { scheduler, ...options }));
  const channel = (dlci: number) => {
    const opened = observe(mux.values[0]?.channel(dlci) as Observable<SerialLink>);
    return { opened, link: opened.values[0] as SerialLink };
  };
  return { scheduler, port, far, module, mux, channel };
}

describe('cmux', () => {
  test('sets up the multiplexer, opens a channel and tells the module its signals', () => {
    const { module, channel } = line();
    expect(channel(1).opened.values).toHaveLength(1);
    expect(module.heard).toEqual([
      { dlci: 0, control: 0x2f, payload: [] },
      { dlci: 1, control: 0x2f, payload: [] },
      { dlci: 0, control: 0xef, payload: [0xe3, 0x05, 0x07, 0x8d] },
    ]);
  });

  test('carries bytes both ways, in frames of at most the agreed size', () => {
    const { module, channel } = line({ frameSize: 4 });
    const { link } = channel(1);
    const received = observe(link.received$);
    expect(observe(link.write(text('ATE0V1\r'))).end).toBe('complete');
    expect(module.heard.slice(-2).map(({ payload }) => payload.length)).toEqual([4, 3]);
    expect(module.dataOn(1)).toEqual([...text('ATE0V1\r')]);
    module.send(1, 0xef, [...text('OK\r\n')]);
    expect(received.values).toEqual([text('OK\r\n')]);
  });

  test('channels take turns, frame by frame, and one that the module holds back keeps none waiting', () => {
    const { module, channel } = line({ frameSize: 2 });
    const [one, two] = [channel(1).link, channel(2).link];
    module.send(0, 0xef, [0x63, 0x01]);
    const writes = [observe(one.write(text('aaaa'))), observe(two.write(text('bbbb')))];
    expect(module.dataOn(1)).toEqual([]);
    module.send(0, 0xef, [0xe3, 0x05, 0x07, 0x0f]);
    module.send(0, 0xef, [0xa3, 0x01]);
    expect(module.dataOn(2)).toEqual([...text('bbbb')]);
    expect(module.dataOn(1)).toEqual([]);
    module.send(0, 0xef, [0xe3, 0x05, 0x07, 0x0d]);
    expect(module.dataOn(1)).toEqual([...text('aaaa')]);
    expect(writes.map(({ end }) => end)).toEqual(['complete', 'complete']);
  });

  test('asks the module to stop a channel without a reader, and loses nothing', () => {
    const { module, channel } = line({ frameSize: 1_000 });
    const { link } = channel(1);
    for (let count = 0; count < 17; count++) module.send(1, 0xef, new Array(1_000).fill(count));
    expect(module.heard.at(-1)?.payload).toEqual([0xe3, 0x05, 0x07, 0x8f]);
    const received = observe(link.received$);
    expect(received.values.map(([first]) => first)).toEqual(Array.from({ length: 17 }, (_, count) => count));
    expect(module.heard.at(-1)?.payload).toEqual([0xe3, 0x05, 0x07, 0x8d]);
  });

  test('the lines of a channel are its own', () => {
    const { module, channel } = line();
    const { link } = channel(2);
    module.send(0, 0xef, [0xe3, 0x05, 0x0b, 0x8d]);
    expect(observe(link.lines()).values).toEqual([{ cts: true, dsr: true, dcd: true }]);
    module.send(0, 0xef, [0xe3, 0x05, 0x0b, 0x0d]);
    expect(observe(link.lines()).values).toEqual([{ cts: true, dsr: true, dcd: false }]);
    observe(link.setLines({ dtr: false }));
    expect(module.heard.at(-1)?.payload).toEqual([0xe3, 0x05, 0x0b, 0x89]);
    expect(observe(link.setBaudRate(9_600)).end).toMatchObject({ code: 'UNSUPPORTED' });
  });

  test('a channel that the module ends is a remote end', () => {
    const { module, channel } = line();
    const { opened, link } = channel(1);
    module.send(1, 0x53);
    expect(opened.end).toBe('complete');
    expect(observe(link.ended$).values).toEqual([{ by: 'remote' }]);
    expect(observe(link.write(text('AT'))).end).toMatchObject({ code: 'TRANSPORT_CLOSED' });
  });

  test('a channel that it refuses is an error, and can be asked for again', () => {
    const { module, channel } = line({}, []);
    module.ignored.add(0x2f);
    const { opened } = channel(3);
    module.send(3, 0x1f);
    expect(opened.end).toMatchObject({ code: 'MULTIPLEXER_REFUSED' });
    module.ignored.clear();
    expect(channel(3).opened.values).toHaveLength(1);
  });

  test('a module that stays in plain AT mode is named after three attempts', () => {
    const { scheduler, module, mux } = line({}, [0x2f]);
    scheduler.flush();
    expect(scheduler.now()).toBe(900);
    expect(module.heard).toHaveLength(3);
    expect(mux.end).toMatchObject({
      code: 'TIMEOUT',
      message: expect.stringMatching(/stays in plain AT mode/),
    });
  });

  test('unsubscribing returns the line to plain AT mode: channels, then CLD', () => {
    const { module, mux, channel } = line();
    const { opened } = channel(1);
    opened.unsubscribe();
    expect(module.heard.at(-1)).toEqual({ dlci: 1, control: 0x43, payload: [] });
    mux.unsubscribe();
    expect(module.heard.at(-1)).toEqual({ dlci: 0, control: 0xef, payload: [0xc3, 0x01] });
  });

  test('closing a channel waits for what was written, but not for a module that holds it for ever', () => {
    const { scheduler, module, channel } = line();
    const { link } = channel(1);
    module.send(0, 0xef, [0xe3, 0x05, 0x07, 0x0f]);
    const write = observe(link.write(text('late')));
    const close = observe(link.close());
    expect(close.end).toBe('open');
    scheduler.flush();
    expect(close.end).toBe('complete');
    expect(write.end).toMatchObject({ code: 'TRANSPORT_CLOSED' });
  });

  test('a lost line ends every channel with its error', () => {
    const { far, channel, mux } = line();
    const { opened, link } = channel(1);
    const received = observe(link.received$);
    const lost = new Error('unplugged');
    (far as ReturnType<typeof linkPair>[0]).lose(lost);
    expect([opened.end, received.end, mux.end]).toEqual([lost, lost, lost]);
  });

  test('a damaged length costs the frame, not those after it, although none of them completes it', () => {
    const { scheduler, far, module, channel } = line({ frameSize: 127 });
    const received = observe(channel(1).link.received$);
    observe(far.write(Uint8Array.of(0xf9, 0x05, 0xef, 0xff, 0x0d, 0x0a)));
    module.send(1, 0xef, [...text('OK')]);
    expect(received.values).toEqual([]);
    scheduler.flush();
    expect(received.values).toEqual([text('OK')]);
  });

  test('a channel is negotiated: frames of the size that the module names, and no longer ones are read', () => {
    const { module, mux, channel, scheduler } = line({ frameSize: 200 });
    module.frameSize = 4;
    const negotiated = observe(mux.values[0]?.negotiate(1) as Observable<number | undefined>);
    expect(module.heard.at(-1)?.payload).toEqual([0x83, 0x11, 1, 0, 0, 10, 200, 0, 3, 2]);
    expect([negotiated.values, negotiated.end]).toEqual([[4], 'complete']);
    const { link } = channel(1);
    const received = observe(link.received$);
    observe(link.write(text('ATE0V1\r')));
    expect(module.heard.slice(-2).map(({ payload }) => payload.length)).toEqual([4, 3]);
    module.send(1, 0xef, new Array(32).fill(0x41));
    scheduler.flush();
    expect(received.values).toEqual([]);
    expect(mux.values[0]?.faults.badLengths).toBe(1);
  });

  test('a module that does not know PN, or does not answer it, leaves the size as it is', () => {
    const { scheduler, module, mux } = line({ frameSize: 100 });
    const negotiate = () => observe(mux.values[0]?.negotiate(1) as Observable<number | undefined>);
    expect(negotiate().values).toEqual([undefined]);
    module.ignored.add(0xef);
    const silent = [negotiate(), negotiate()];
    expect(silent.map(({ end }) => end)).toEqual(['open', 'open']);
    scheduler.flush();
    expect(silent.map(({ values }) => values)).toEqual([[undefined], [undefined]]);
    expect(module.heard.filter(({ payload }) => payload[0] === 0x83)).toHaveLength(4);
    expect(scheduler.now()).toBe(1_800);
  });

  test('a negotiation ends with the line', () => {
    const { module, mux } = line();
    module.ignored.add(0xef);
    const negotiated = observe(mux.values[0]?.negotiate(1) as Observable<number | undefined>);
    module.send(0, 0x53);
    expect(negotiated.end).toMatchObject({ code: 'TRANSPORT_CLOSED' });
    const late = observe(mux.values[0]?.negotiate(1) as Observable<number | undefined>);
    expect(late.end).toMatchObject({ code: 'TRANSPORT_CLOSED' });
  });

  test('a channel that is being closed is opened again when that is done', () => {
    const { module, channel } = line();
    const { opened } = channel(1);
    module.ignored.add(0x43);
    opened.unsubscribe();
    const again = channel(1).opened;
    expect([again.values, again.end]).toEqual([[], 'open']);
    module.send(1, 0x73);
    expect(again.values).toHaveLength(1);
  });

  describe('a channel that was held back for long is asked for again', () => {
    const MSC = 0xe3;
    const HOLD = [MSC, 0x05, 0x07, 0x0f];
    const GO = [MSC, 0x05, 0x07, 0x0d];

    function held() {
      const { scheduler, module, channel } = line({ frameSize: 10 });
      const { link, opened } = channel(1);
      const later = (ms: number) => {
        scheduler.maxFrames = scheduler.frame + ms;
        scheduler.flush();
        scheduler.frame = scheduler.maxFrames;
      };
      later(10);
      module.send(0, 0xef, HOLD);
      const setUps = () => module.heard.filter(({ dlci, control }) => dlci === 1 && control === 0x2f).length;
      return { module, link, opened, later, setUps };
    }

    test('once something waits on it, and goes on when the module does not repeat it within T2', () => {
      const { link, opened, later, setUps } = held();
      later(200_000);
      expect(setUps()).toBe(1);
      const write = observe(link.write(text('waits')));
      later(40_000);
      expect([setUps(), write.end]).toEqual([2, 'open']);
      later(600);
      expect([write.end, opened.end]).toEqual(['complete', 'open']);
    });

    test.each([
      ['before', [HOLD], []],
      ['after', [], [HOLD]],
    ])('and nothing is sent when the module repeats it %s its answer', (_, before, after) => {
      const { module, link, later, setUps } = held();
      const write = observe(link.write(text('waits')));
      module.ignored.add(0x2f);
      later(60_000);
      for (const message of before) module.send(0, 0xef, message);
      module.send(1, 0x73);
      for (const message of after) module.send(0, 0xef, message);
      later(59_000);
      expect([setUps(), write.end]).toEqual([2, 'open']);
      module.send(0, 0xef, GO);
      expect(write.end).toBe('complete');
    });
  });

  test('what arrives while frames are read is read after them', () => {
    const { far, module, channel } = line({ frameSize: 127 });
    const { link } = channel(1);
    let heard = '';
    link.received$.subscribe((bytes) => {
      const first = heard === '';
      heard += String.fromCharCode(...bytes);
      // The module answers at once.
      if (first) module.send(1, 0xef, [...text('third')]);
    });
    observe(
      far.write(
        Uint8Array.of(...moduleFrame(1, 0xef, [...text('one ')]), ...moduleFrame(1, 0xef, [...text('two ')])),
      ),
    );
    expect(heard).toBe('one two third');
  });

  test('refuses a frame size and a channel that cannot be', () => {
    expect(() => cmux(of(), { frameSize: 0 })).toThrow(/1 to 32767/);
    const { channel } = line();
    expect(channel(62).opened.end).toMatchObject({ code: 'INVALID_ARGUMENT' });
    channel(1);
    expect(channel(1).opened.end).toMatchObject({ code: 'PORT_BUSY' });
  });
});

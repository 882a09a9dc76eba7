import { AtError } from '@a7600/at-codec';
import { beforeEach, describe, expect, test } from 'vitest';
import { tableRig } from '../../test/link-rig.js';
import { errorOf, observe } from '../../test/world.js';
import type { Session } from '../session/session.js';
import type { Discrepancy } from '../watch/discrepancy.js';
import { NetworkSettings } from './network-settings.js';
import type { NetworkOptions } from './options.js';

const REFUSED = new AtError('REFUSED', 'refused');
const CONFIGURATION = {
  ...{ retries: 10, pushDelay: 0, errorsInWords: true, linkInHeader: true, retransmission: 500 },
  datagrams: true,
};

let module = tableRig();
let reported: Discrepancy[] = [];
beforeEach(() => {
  module = tableRig();
  reported = [];
});

function settingsOf(options: NetworkOptions = {}): NetworkSettings {
  const session = {
    lane: module.lane,
    report: (discrepancy: Discrepancy) => reported.push(discrepancy),
  } as Partial<Session> as Session;
  return new NetworkSettings(session, options);
}

const CURRENT = { context: undefined, transparent: false, configuration: CONFIGURATION };

describe('a network that another program has open', () => {
  /** Adopts it, where the module keeps what is received. */
  function adopted(current: Partial<typeof CURRENT> | object, options?: NetworkOptions) {
    const result = observe(settingsOf(options).adoptAsItIs({ ...CURRENT, ...current }));
    module.answer(true, 'AT+CIPRXGET?');
    return result;
  }
  const unknown = { configuration: undefined };

  test.each<[string, object, NetworkOptions]>([
    ['is wanted as it is', {}, {}],
    ['is in transparent mode, as is wanted', { transparent: true }, { transparent: true }],
    ['does not say its mode, which is that for commands then', { transparent: undefined }, {}],
    ['does not say its configuration', unknown, {}],
    ['does not say its retransmissions', unknown, { retries: 3, retransmission: 600 }],
    ['has the retransmissions that are wanted', {}, { retries: 10, retransmission: 500 }],
  ])('and that %s is adopted; nothing is set, and nothing is reported', (_, current, options) => {
    const { end } = adopted(current, options);
    expect([end, reported]).toEqual(['complete', []]);
    expect(module.asked.filter((text) => !text.endsWith('?'))).toEqual([]);
  });

  test.each([
    [CONFIGURATION, true],
    [{ ...CONFIGURATION, linkInHeader: false }, false],
    [undefined, false],
  ])('pushes with the link in the header, or without', (configuration, bearsLink) => {
    expect(adopted({ configuration }).values).toEqual([bearsLink]);
  });

  test('cuts datagrams in two: that is reported', () => {
    expect(adopted({ configuration: { ...CONFIGURATION, datagrams: false } }).end).toBe('complete');
    expect(reported).toEqual([{ kind: 'setting', name: 'AT+CIPCCFG', action: 'left alone' }]);
  });

  test('with several other settings: all are named', () => {
    const result = adopted({ transparent: true }, { retransmission: 600 });
    expect(errorOf(result)).toMatchObject({
      code: 'WRONG_MODE',
      message: expect.stringContaining('(AT+CIPMODE, AT+CIPCCFG)'),
    });
  });

  test('in transparent mode is not set for other links: those are refused', () => {
    const settings = settingsOf({ transparent: true });
    observe(settings.adoptAsItIs({ ...CURRENT, transparent: true }));
    const result = observe(settings.setBuffered(true));
    module.answer(false);
    expect(module.asked).toEqual(['AT+CIPRXGET?']);
    expect(errorOf(result)).toMatchObject({
      code: 'WRONG_MODE',
      message: expect.stringContaining('(AT+CIPRXGET)'),
    });
  });
});

describe('how received data comes', () => {
  test.each<[wanted: boolean, instead: string]>([
    [true, 'push'],
    [false, 'buffer'],
  ])('AT+CIPRXGET=%o that is refused is told, with what to ask for', (wanted, instead) => {
    const result = observe(settingsOf().setBuffered(wanted));
    module.refuse(REFUSED);
    module.refuse(REFUSED);
    const command = `AT+CIPRXGET=${Number(wanted)}`;
    expect(module.asked).toEqual(['AT+CIPRXGET?', command]);
    expect(errorOf(result)).toMatchObject({
      code: 'SETTING_REFUSED',
      command,
      cause: REFUSED,
      message:
        `The module refused ${command}, which decides how received data comes. Its firmware may not have it: ` +
        `ask for receive: '${instead}' then.`,
    });
  });

  test('another error of that command is its own', () => {
    const lost = new Error('the port is gone');
    const result = observe(settingsOf().setBuffered(true));
    module.refuse(lost);
    expect(errorOf(result)).toBe(lost);
  });
});

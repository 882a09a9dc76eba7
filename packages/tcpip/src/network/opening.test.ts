import { type Behaviour, ok, refuse } from '@a7600/testing';
import { describe, expect, test } from 'vitest';
import { commandsSince, errorOf, observe, readyModem, world } from '../../test/world.js';
import type { ModemOptions } from '../modem/options.js';
import type { NetworkOptions } from './options.js';

/** What a network with these options sends before it is open, of what begins with `AT+CIP` or `AT+C…`. */
function opened(options: NetworkOptions, behaviours: readonly Behaviour[] = [], modem: ModemOptions = {}) {
  const w = world({ behaviours: [...behaviours] }, modem);
  const { last } = readyModem(w);
  const before = w.commands.length;
  const network = observe(last.network(options));
  w.advance(10_000);
  return { w, network, sent: commandsSince(w, before) };
}
const NO = (command: string): Behaviour => ({ command, read: () => refuse(), write: () => ok() });

describe('what a network sets', () => {
  test('reads from the buffer as a rule, and sets nothing else', () => {
    const { network, sent } = opened({});
    expect([network.last.receive, network.end]).toEqual(['buffer', 'open']);
    expect(sent.filter((text) => /CIPHEAD|CIPSRIP|CIPMODE=|CGDCONT|CTCPKA|CIPTIMEOUT=/.test(text))).toEqual(
      [],
    );
    expect(sent).toContain('AT+CIPRXGET?');
  });

  test('pushed data with its headers', () => {
    const { network, sent } = opened({ receive: 'push' });
    expect(network.last.receive).toBe('push');
    expect(sent.filter((text) => /CIPHEAD|CIPSRIP/.test(text))).toEqual(['AT+CIPHEAD?', 'AT+CIPSRIP?']);
    expect(sent.some((text) => text.startsWith('AT+CIPRXGET'))).toBe(true);
    expect(sent.find((text) => text.startsWith('AT+CIPCCFG='))).toBe('AT+CIPCCFG=10,0,0,1,1,0,500,1');
  });

  test('headers that are off are switched on', () => {
    const off = (command: string): Behaviour => {
      let on = 0;
      return {
        command,
        read: () => ok(`${command}: ${on}`),
        write: ({ values }) => {
          on = Number(values[0]);
          return ok();
        },
      };
    };
    const { sent } = opened({ receive: 'push' }, [off('+CIPHEAD'), off('+CIPSRIP')]);
    expect(sent).toContain('AT+CIPHEAD=1');
    expect(sent).toContain('AT+CIPSRIP=1');
    expect(opened({}, [off('+CIPHEAD')]).sent).not.toContain('AT+CIPHEAD=1');
  });

  test('keep-alive and limits where they are given', () => {
    const { sent } = opened({ keepAlive: { idle: 5, count: 3 }, timeouts: { netOpen: 60_000 } });
    expect(sent.filter((text) => /CTCPKA|CIPTIMEOUT=/.test(text))).toHaveLength(2);
    expect(sent.find((text) => text.includes('CTCPKA'))).toMatch(/^AT\+CTCPKA=1,/);
  });

  test('transparent mode, before it is opened', () => {
    const { network, sent } = opened({ transparent: true, receive: 'push' });
    expect([network.end, network.last.receive]).toEqual(['open', 'buffer']);
    expect(sent.indexOf('AT+CIPMODE=1')).toBeLessThan(sent.indexOf('AT+NETOPEN'));
    expect(sent.filter((text) => /CIPHEAD|CIPSRIP/.test(text))).toEqual([]);
    expect(opened({ transparent: true, receive: 'hex' }).network.last.receive).toBe('hex');
  });

  test('where the firmware tells nothing, only what was asked for', () => {
    const silent = ['+CIPMODE', '+CIPCCFG', '+CGDCONT'].map(NO);
    expect(opened({}, silent).sent.filter((text) => /CIPMODE=|CIPCCFG=|CGDCONT=/.test(text))).toEqual([]);
    expect(opened({ transparent: true }, silent).sent).toContain('AT+CIPMODE=1');
    expect(opened({ apn: 'internet' }, silent).sent).toContain('AT+CGDCONT=1,"IP","…"');
  });
});

describe('what a network keeps', () => {
  const INTERVAL = 60_000;
  const asked = (options: NetworkOptions, ...behaviours: readonly Behaviour[]) => {
    const { w } = opened(options, behaviours);
    const from = w.commands.length;
    w.advance(10 * INTERVAL);
    return commandsSince(w, from).join(';');
  };

  test('is asked for again, where the firmware has told it', () => {
    expect(asked({})).toMatch(/\+CIPMODE\?.*\+CIPCCFG\?/);
    expect(asked({ receive: 'push' })).toMatch(/\+CIPHEAD\?/);
    expect(asked({ receive: 'push' })).toMatch(/\+CIPSRIP\?/);
    expect(asked({ apn: 'internet' })).toMatch(/\+CGDCONT\?/);
  });

  test('is nothing that the firmware does not tell, which is certain after three refusals, or that nothing asked for', () => {
    const silent = ['+CIPMODE', '+CIPCCFG', '+CIPHEAD', '+CIPSRIP', '+CGDCONT'].map(NO);
    const questions = asked({ receive: 'push', apn: 'internet' }, ...silent);
    expect(questions).not.toMatch(/CIPMODE|CIPCCFG/);
    expect(questions.match(/CIPHEAD\?|CIPSRIP\?/g)).toHaveLength(6);
    expect(asked({})).not.toMatch(/CIPHEAD|CIPSRIP|CGDCONT/);
  });
});

describe('what the module already has', () => {
  const has = (command: string, value: string): Behaviour => {
    let now = value;
    return {
      command,
      read: () => ok(...now.split(';').map((line) => `${command}: ${line}`)),
      write: ({ values }) => {
        now = values.join(',');
        return ok();
      },
    };
  };
  const set = (options: NetworkOptions, behaviour: Behaviour) =>
    opened(options, [behaviour]).sent.filter((text) => text.startsWith(`AT${behaviour.command}=`));

  test('transparent mode is switched off where it is not wanted', () => {
    expect(set({}, has('+CIPMODE', '1'))).toEqual(['AT+CIPMODE=0']);
    expect(set({}, has('+CIPMODE', '0'))).toEqual([]);
    expect(set({ transparent: true }, has('+CIPMODE', '1'))).toEqual([]);
  });

  test('the access point of context 1 is set only where it differs (application note, 3.1.2)', () => {
    const others = '2,"IP","other","",0,0';
    const context = (apn: string) => `1,"IP","${apn}","",0,0`;
    expect(set({ apn: 'internet' }, has('+CGDCONT', `${others};${context('internet')}`))).toEqual([]);
    expect(set({ apn: 'other' }, has('+CGDCONT', `${others};${context('internet')}`))).toHaveLength(1);
    const { sent, network } = opened({ apn: 'other' }, [
      { command: '+CGDCONT', read: () => ok(`+CGDCONT: ${others}`), write: () => ok() },
    ]);
    expect(sent).toContain('AT+CGDCONT=1,"IP","…"');
    expect(network.end).toBe('open');
  });

  test('a configuration without the field for boundaries of datagrams gets none (Q-17)', () => {
    expect(set({}, has('+CIPCCFG', '10,0,0,0,0,0,500'))).toEqual(['AT+CIPCCFG=10,0,0,1,0,0,500']);
  });

  test('further limits of the configuration are set where they are given', () => {
    expect(set({ retries: 3, retransmission: 900 }, has('+CIPCCFG', '10,0,0,1,0,0,500,1'))).toEqual([
      'AT+CIPCCFG=3,0,0,1,0,0,900,1',
    ]);
  });
});

test.each<[string, NetworkOptions]>([
  ['an access point', { apn: 'a"b' }],
  ['retries', { retries: 11 }],
  ['a time before a retransmission', { retransmission: 100 }],
  ['limits', { timeouts: { netOpen: 1 } }],
  ['keep-alive probes', { keepAlive: { idle: 0, count: 1 } }],
])('%s that the module could not take are refused before anything is sent', (_, options) => {
  const { network, sent } = opened(options);
  expect([errorOf(network)?.code, sent]).toEqual(['INVALID_ARGUMENT', []]);
});

describe('a module that does not do as it is told', () => {
  test('and pushes although it was told to keep is refused', () => {
    const pushes: Behaviour = { command: '+CIPRXGET', read: () => ok('+CIPRXGET: 0'), write: () => ok() };
    expect(errorOf(opened({}, [pushes]).network)).toMatchObject({
      code: 'SETTING_REFUSED',
      message: 'The module did not keep AT+CIPRXGET=1, although it was sent several times.',
    });
  });
});

describe('a network that is open already', () => {
  const open: Behaviour = { command: '+NETOPEN', read: () => ok('+NETOPEN: 1'), execute: () => ok() };

  const CONFIGURED: Behaviour = {
    command: '+CIPCCFG',
    read: () => ok('+CIPCCFG: 10,0,0,1,1,0,500,1'),
    write: () => ok(),
  };

  const ADDRESS: Behaviour = { command: '+IPADDR', execute: () => ok('+IPADDR: 10.0.0.1') };

  test('with what is wanted is taken over', () => {
    const { sent, network } = opened({}, [open, CONFIGURED, ADDRESS]);
    expect(network.end).toBe('open');
    expect(sent.filter((text) => /NETOPEN$|NETCLOSE/.test(text))).toEqual([]);
  });

  const IN_TRANSPARENT_MODE: Behaviour = {
    command: '+CIPMODE',
    read: () => ok('+CIPMODE: 1'),
    write: () => ok(),
  };
  const SILENT: Behaviour[] = [NO('+CIPMODE'), NO('+CIPCCFG')];

  test.each<[string, NetworkOptions, Behaviour[]]>([
    ['another access point', { apn: 'other' }, [CONFIGURED]],
    ['command mode instead of transparent', { transparent: true }, [CONFIGURED]],
    ['transparent mode instead of command', {}, [CONFIGURED, IN_TRANSPARENT_MODE]],
    ['datagrams that lose their boundaries', {}, []],
    ['a mode that is not told, for a transparent one', { transparent: true }, SILENT],
  ])('with %s is opened again', (_, options, behaviours) => {
    const { sent } = opened(options, [open, ADDRESS, ...behaviours]);
    expect(sent.filter((text) => /NETOPEN$|NETCLOSE/.test(text))).toEqual(['AT+NETCLOSE', 'AT+NETOPEN']);
  });

  test('with settings that are not told is taken over', () => {
    const { sent, network } = opened({}, [open, ADDRESS, ...SILENT]);
    expect(network.end).toBe('open');
    expect(sent.filter((text) => /NETOPEN$|NETCLOSE/.test(text))).toEqual([]);
  });

  test('with other settings is left alone where it is another program’s too', () => {
    const { network, sent } = opened({ transparent: true }, [open], { exclusive: false });
    expect(errorOf(network)).toMatchObject({
      code: 'WRONG_MODE',
      message:
        'Another program has the network open with other settings (AT+CIPMODE), and the modem was opened ' +
        'with exclusive: false, so nothing of it is changed. Ask for the settings that it has, or close it first.',
    });
    expect(sent.filter(changes)).toEqual([]);
  });

  test('by another program just now, with other settings, is not closed either', () => {
    let isOpen = false;
    const opens: Behaviour = {
      command: '+NETOPEN',
      read: () => {
        const said = ok(`+NETOPEN: ${Number(isOpen)}`);
        isOpen = true;
        return said;
      },
    };
    const { network, sent } = opened({ transparent: true }, [opens], { exclusive: false });
    expect(errorOf(network)?.code).toBe('WRONG_MODE');
    expect(sent.filter((text) => /NETOPEN$|NETCLOSE/.test(text))).toEqual([]);
  });

  /** Whether a command may change something. */
  const changes = (text: string) => /=/.test(text) && !/=\?|CGCONTRDP|CIPRXGET=4/.test(text);

  test.each<[string, NetworkOptions, string]>([
    ['what is received is kept, not pushed', { receive: 'push' }, 'AT+CIPRXGET'],
    ['there are limits of its own', { timeouts: { netOpen: 60_000 } }, 'AT+CIPTIMEOUT'],
    ['there are keep-alive probes', { keepAlive: { idle: 5, count: 3 } }, 'AT+CTCPKA'],
    ['the retransmissions differ', { retries: 3 }, 'AT+CIPCCFG'],
    ['it has another access point', { apn: 'other' }, 'AT+CGDCONT'],
  ])('and where %s', (_, options, name) => {
    const buffered: Behaviour = { command: '+CIPRXGET', read: () => ok('+CIPRXGET: 1'), write: () => ok() };
    const { network, sent } = opened(options, [open, CONFIGURED, buffered], { exclusive: false });
    expect(errorOf(network)).toMatchObject({
      code: 'WRONG_MODE',
      message: expect.stringContaining(`(${name})`),
    });
    expect(sent.filter(changes)).toEqual([]);
  });

  test('is neither closed nor emptied where it is another program’s too', () => {
    const { w, network, sent } = opened({}, [open, CONFIGURED, ADDRESS], { exclusive: false });
    expect(sent.filter((text) => /SERVERSTART|CIPCLOSE/.test(text))).toEqual([]);
    const before = w.commands.length;
    network.unsubscribe();
    w.advance(5_000);
    expect(commandsSince(w, before).filter((text) => /NETCLOSE/.test(text))).toEqual([]);
  });
});

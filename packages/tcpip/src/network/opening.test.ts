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
    expect(network.end).toBe('open');
    expect(sent.indexOf('AT+CIPMODE=1')).toBeLessThan(sent.indexOf('AT+NETOPEN'));
    expect(sent.filter((text) => /CIPHEAD|CIPSRIP/.test(text))).toEqual([]);
  });

  test('where the firmware tells nothing, only what was asked for', () => {
    const silent = ['+CIPMODE', '+CIPCCFG', '+CGDCONT'].map(NO);
    expect(opened({}, silent).sent.filter((text) => /CIPMODE=|CIPCCFG=|CGDCONT=/.test(text))).toEqual([]);
    expect(opened({ transparent: true }, silent).sent).toContain('AT+CIPMODE=1');
    expect(opened({ apn: 'internet' }, silent).sent).toContain('AT+CGDCONT=1,"IP","…"');
  });
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

  test.each([
    ['another access point', { apn: 'other' }],
    ['another mode', { transparent: true }],
  ])('with %s is opened again', (_, options) => {
    const { sent } = opened(options, [open]);
    expect(sent.filter((text) => /NETOPEN$|NETCLOSE/.test(text))).toEqual(['AT+NETCLOSE', 'AT+NETOPEN']);
  });

  test('with other settings is left alone where it is another program’s too', () => {
    const { network, sent } = opened({ transparent: true }, [open], { exclusive: false });
    expect(errorOf(network)).toMatchObject({
      code: 'WRONG_MODE',
      message:
        'The network is open with other settings (AT+CGDCONT, AT+CIPMODE, AT+CIPCCFG), and the modem was opened ' +
        'with exclusive: false, so it may not be closed. Ask for the settings that it has, or close it first.',
    });
    expect(sent.filter((text) => /NETCLOSE/.test(text))).toEqual([]);
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

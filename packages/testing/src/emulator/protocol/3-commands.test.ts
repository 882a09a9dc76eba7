import { describe, expect, test } from 'vitest';
import { bound, connected, ERROR, OK, open, openOnline, received, say, unit } from '../../../test/console.js';
import { note100 } from '../profiles/note-1.00.js';
import { sim7600 } from '../profiles/sim7600.js';

describe('protocol 3 forms: what each answers after a start', () => {
  test.each([
    ['+NETOPEN=?', ERROR],
    ['+NETOPEN?', unit('+NETOPEN: 0') + OK],
    ['+NETCLOSE=?', OK],
    ['+NETCLOSE?', ERROR],
    ['+IPADDR=?', OK],
    ['+CIPOPEN', ERROR],
    ['+CIPSEND=?', unit('+CIPSEND: (0-9),(1-1500)') + OK],
    ['+CIPSEND?', ERROR],
    ['+CIPRXGET=?', unit('+CIPRXGET: (0-5),(0-9),(1-1500)') + OK],
    ['+CIPRXGET?', unit('+CIPRXGET: 0') + OK],
    ['+CIPCLOSE=?', unit('+CIPCLOSE: (0-9)') + OK],
    ['+CIPHEAD=?', unit('+CIPHEAD: (0-1)') + OK],
    ['+CIPHEAD?', unit('+CIPHEAD: 1') + OK],
    ['+CIPSRIP=?', unit('+CIPSRIP: (0-1)') + OK],
    ['+CIPSRIP?', unit('+CIPSRIP: 1') + OK],
    ['+CIPMODE=?', unit('+CIPMODE: (0-1)') + OK],
    ['+CIPMODE?', unit('+CIPMODE: 0') + OK],
    ['+CIPSENDMODE=?', unit('+CIPSENDMODE: (0-1)') + OK],
    ['+CIPSENDMODE?', unit('+CIPSENDMODE: 0') + OK],
    ['+CIPTIMEOUT=?', ERROR],
    ['+CIPTIMEOUT?', unit('+CIPTIMEOUT: 120000,120000,120000') + OK],
    ['+CIPCCFG=?', unit('+CIPCCFG: (0-10),(0-1000),(0),(0-1),(0-1),(0-1),(500-120000),(0-1)') + OK],
    ['+CIPCCFG?', unit('+CIPCCFG: 10,0,0,1,0,0,500,0') + OK],
    ['+SERVERSTART=?', unit('+SERVERSTART: (0-65535),(0-3)') + OK],
    ['+CIPACK=?', unit('+CIPACK: (0-9)') + OK],
    ['+CDNSGIP=?', OK],
    ['+CSOCKSETPN?', unit('+CSOCKSETPN: 1,1') + OK],
    ['+CTCPKA?', unit('+CTCPKA: 0,2,5,1') + OK],
    ['+CDNSCFG?', unit('Primary IPv4 DNS: 8.8.8.8,Secondary IPv4 DNS: 8.8.4.4') + OK],
    ['+CIPCFG=?', unit('+CIPCFG:"transwaittm",(5-1000)', '+CIPCFG:"DATAECHO",(ON,OFF)') + OK],
  ])('AT%s', (command, answer) => {
    expect(open().at(command)).toBe(answer);
  });

  test('older firmware and siblings have fewer fields and modes (Q-17)', () => {
    const note = open({ profile: note100 });
    expect(note.at('+CIPCCFG?')).toBe(unit('+CIPCCFG: 10,0,0,1,0,0,500') + OK);
    expect(note.at('+CIPRXGET=?')).toBe(unit('+CIPRXGET: (0-4),(0-9),(1-1500)') + OK);
    expect(note.at('+CIPRXGET=5')).toBe(unit('+IP ERROR: Invalid parameter') + ERROR);
    const sibling = open({ profile: sim7600 });
    expect(sibling.at('+CIPRXGET=?')).toBe(unit('+CIPRXGET: (0-4),(1-1500)') + OK);
    expect(sibling.at('+CIPSEND?')).toBe(unit('+CIPSEND: (0-9),(1-1500)') + OK);
    expect(sibling.at('+CIPOPEN=?')).toBe(unit('+CIPOPEN: (0-9),("TCP","UDP")') + OK);
  });
});

describe('protocol 3.8 to 3.12 settings', () => {
  test.each([
    ['+CIPHEAD=0', '+CIPHEAD?', '+CIPHEAD: 0'],
    ['+CIPHEAD=0;+CIPHEAD', '+CIPHEAD?', '+CIPHEAD: 1'],
    ['+CIPSRIP=0', '+CIPSRIP?', '+CIPSRIP: 0'],
    ['+CIPMODE=1', '+CIPMODE?', '+CIPMODE: 1'],
    ['+CIPMODE=1;+CIPMODE', '+CIPMODE?', '+CIPMODE: 0'],
    ['+CIPSENDMODE=1', '+CIPSENDMODE?', '+CIPSENDMODE: 1'],
    ['+CIPTIMEOUT=3000', '+CIPTIMEOUT?', '+CIPTIMEOUT: 3000,120000,120000'],
    ['+CIPTIMEOUT=,5000,6000', '+CIPTIMEOUT?', '+CIPTIMEOUT: 120000,5000,6000'],
    ['+CIPCCFG=10,0,0,0,1,0,75000', '+CIPCCFG?', '+CIPCCFG: 10,0,0,0,1,0,75000,0'],
    ['+CIPCCFG=3,500;+CIPCCFG', '+CIPCCFG?', '+CIPCCFG: 10,0,0,1,0,0,500,0'],
    ['+CIPCCFG=,,,,,,,1', '+CIPCCFG?', '+CIPCCFG: 10,0,0,1,0,0,500,1'],
    ['+CTCPKA=1,120,10,100', '+CTCPKA?', '+CTCPKA: 1,120,10,100'],
    ['+CTCPKA=1', '+CTCPKA?', '+CTCPKA: 1,2,5,1'],
    ['+CSOCKSETPN=1,6', '+CSOCKSETPN?', '+CSOCKSETPN: 1,6'],
    ['+CDNSCFG="1.1.1.1","9.9.9.9",0', '+CDNSCFG?', 'Primary IPv4 DNS: 1.1.1.1,Secondary IPv4 DNS: 9.9.9.9'],
    ['+CIPCFG="transwaittm",5', '+CIPCFG?', '+CIPCFG: "transwaittm",5\r\n+CIPCFG: "DATAECHO",ON'],
    ['+CIPCFG="dataecho",off', '+CIPCFG?', '+CIPCFG: "transwaittm",100\r\n+CIPCFG: "DATAECHO",OFF'],
  ])('AT%s', (write, read, shown) => {
    const console = open();
    expect(console.at(write)).toBe(OK);
    expect(console.at(read)).toBe(unit(shown) + OK);
  });

  test('AT+CSOC takes its names in any case', () => {
    for (const name of ['Tcp srxt', 'TCP RXT', 'DnsTmr']) expect(open().at(`+CSOC="${name}",6`)).toBe(OK);
    expect(open().at('+CSOC="Mss",1500')).toBe(OK);
  });

  test.each([
    '+CIPHEAD=2',
    '+CIPSRIP=',
    '+CIPMODE=1,1',
    '+CIPSENDMODE=x',
    '+CIPTIMEOUT=2999',
    '+CIPTIMEOUT=120001',
    '+CIPTIMEOUT=,,,3000',
    '+CIPCCFG=11',
    '+CIPCCFG=,1001',
    '+CIPCCFG=,,1',
    '+CIPCCFG=,,,,,,499',
    '+CIPCCFG=,,,,,,,,0',
    '+CTCPKA=2',
    '+CTCPKA=1,0',
    '+CTCPKA=1,1,11',
    '+CSOCKSETPN=2',
    '+CSOCKSETPN=1,4',
    '+CDNSCFG="a.b"',
    '+CIPCFG="transwaittm",4',
    '+CIPCFG="transwaittm",1001',
    '+CIPCFG="DATAECHO",MAYBE',
    '+CIPCFG="NOSUCH",1',
    '+CSOC="Mss",639',
    '+CSOC="NoSuch",1',
    '+CSOC?',
  ])('AT%s is refused', (write) => {
    expect(open().at(write)).toBe(ERROR);
  });
});

describe('protocol 3.15 CIPACK', () => {
  test('counts what was sent, acknowledged and received, whether the host has read it or not', () => {
    const console = openOnline();
    const far = connected(console);
    console.at('+CIPSEND=1,5');
    console.type('hello');
    say(far, 'hi');
    expect(console.at('+CIPACK=1')).toContain(unit('+CIPACK: 5,0,2') + OK);
    received(far);
    expect(console.at('+CIPACK=1')).toBe(unit('+CIPACK: 5,5,2') + OK);
  });

  test('is for open TCP links', () => {
    const console = openOnline();
    bound(console, 2);
    expect(console.at('+CIPACK=2')).toBe(unit('+IP ERROR: Operation not supported') + ERROR);
    expect(console.at('+CIPACK=3')).toBe(unit('+IP ERROR: Connection is not created') + ERROR);
    expect(console.at('+CIPACK=10')).toBe(unit('+IP ERROR: Invalid parameter') + ERROR);
    expect(open().at('+CIPACK=1')).toBe(unit('+IP ERROR: Network not opened') + ERROR);
  });
});

describe('protocol 3.16 CDNSGIP', () => {
  test('tells the addresses of a name, a line for each', () => {
    const console = openOnline();
    console.outside.internet.name('example.com', '10.0.0.7', '10.0.0.8');
    expect(console.at('+CDNSGIP="example.com"')).toBe(
      unit('+CDNSGIP: 1,"example.com","10.0.0.7"', '+CDNSGIP: 2,"example.com","10.0.0.8"') + OK,
    );
  });

  test('fails with 10 for a name that is unknown, and while the network is closed', () => {
    for (const console of [open(), openOnline()]) {
      expect(console.at('+CDNSGIP="nobody.example"')).toBe(unit('+CDNSGIP: 0,10') + ERROR);
    }
  });

  test('a name of more than 254 characters, or with a part of more than 63, is refused', () => {
    const console = openOnline();
    const part = 'x'.repeat(63);
    for (const name of ['', 'a..b', `${part}x.com`, [part, part, part, part].join('.')]) {
      expect(console.at(`+CDNSGIP="${name}"`)).toBe(ERROR);
    }
  });

  test('a name server that does not answer is given up after 6 s', () => {
    const console = openOnline({ internet: { nameLatency: 10_000 } });
    expect(console.at('+CDNSGIP="example.com"')).toBe('');
    expect(console.wait(5_999)).toBe('');
    expect(console.wait(1)).toBe(unit('+CDNSGIP: 0,10') + ERROR);
  });
});

import { describe, expect, test } from 'vitest';
import {
  bound,
  caller,
  connected,
  ERROR,
  hangUp,
  OK,
  observe,
  open,
  openTransparent,
  PEER,
  received,
  say,
  textOf,
  unit,
} from '../../../test/console.js';
import { a76xx } from '../profiles/a76xx.js';
import { note100 } from '../profiles/note-1.00.js';

/** After `+++` with its guard times. */
function suspended(options: Parameters<typeof openTransparent>[0] = {}) {
  const console = openTransparent(options);
  console.wait(1_000);
  console.type('+++');
  expect(console.wait(1_000)).toBe(OK);
  return console;
}

describe('protocol 9.6 transparent mode', () => {
  test('CONNECT 115200 and no OK; ATX says what follows CONNECT; a failure is CONNECT FAIL', () => {
    const console = open();
    console.at('+CIPMODE=1');
    console.at('+NETOPEN');
    console.wait(10);
    observe(console.outside.serve(PEER.host, 1));
    expect(console.at(`+CIPOPEN=0,"TCP","${PEER.host}",2`)).toBe(unit('CONNECT FAIL'));
    expect(console.at(`+CIPOPEN=0,"TCP","nobody",1`)).toBe(unit('CONNECT FAIL'));
    console.at('X0');
    expect(console.at(`+CIPOPEN=0,"TCP","${PEER.host}",1`)).toBe(unit('CONNECT'));
    expect(console.module.control.state.mode).toBe('data');
  });

  test('bytes go both ways as they are, host to peer packed for transwaittm or a full segment', () => {
    const console = openTransparent();
    const peer = received(console.far);
    console.type('AT+CSQ\r');
    console.wait(99);
    expect(peer.text).toBe('');
    expect(console.wait(1)).toBe('');
    expect(peer.text).toBe('AT+CSQ\r');
    say(console.far, '\r\nOK\r\n');
    expect(console.printed()).toBe('\r\nOK\r\n');
    console.type('y'.repeat(3_000));
    expect(peer.text).toHaveLength(7 + 2_920);
  });

  test('AT+CIPCFG="transwaittm" changes the packing time', () => {
    const console = suspended();
    const peer = received(console.far);
    console.at('+CIPCFG="transwaittm",5');
    console.at('O');
    console.type('x');
    console.wait(5);
    expect(peer.text).toBe('x');
  });

  test('+++ with the guard times of 3.18 gives OK; link stays', () => {
    const console = openTransparent();
    const peer = received(console.far);
    console.type('data');
    console.wait(999);
    console.type('+++');
    console.wait(2_000);
    expect(peer.text).toBe('data+++');
    console.type('+++');
    expect(console.wait(999)).toBe('');
    expect(console.wait(1)).toBe(OK);
    expect([peer.text, peer.end]).toEqual(['data+++', 'open']);
    expect(console.module.control.state.mode).toBe('suspended');
  });

  test.each([
    ['data right before', ['x', 0, '+++', 2_000]],
    ['data right after', ['+++', 500, 'x', 2_000]],
    ['two only', ['++', 2_000]],
    ['four', ['++++', 2_000]],
    ['more than 900 ms between', ['+', 901, '++', 2_000]],
    ['something else among them', ['+', 100, '-', 100, '+', 2_000]],
  ] as const)('bytes that break the guard are data: %s', (_, steps) => {
    const console = openTransparent();
    const peer = received(console.far);
    console.wait(5_000);
    const sent = steps.filter((step) => typeof step === 'string').join('');
    let printed = '';
    for (const step of steps) printed += typeof step === 'string' ? console.type(step) : console.wait(step);
    expect([peer.text, printed, console.module.control.state.mode]).toEqual([sent, '', 'data']);
  });

  test('the plus signs may come apart by up to 900 ms', () => {
    const console = openTransparent();
    console.wait(1_000);
    for (const pause of [900, 900, 0]) {
      console.type('+');
      console.wait(pause);
    }
    expect(console.wait(1_000)).toBe(OK);
  });

  test('CIPOPEN?, CIPCLOSE=0 and ATO work in command mode (Q-8)', () => {
    const console = suspended();
    expect(console.at('+CIPOPEN?')).toContain(`\r\n+CIPOPEN: 0,"TCP","${PEER.host}",${PEER.port},-1\r\n`);
    expect(console.at('O')).toBe(unit('CONNECT 115200'));
    console.wait(1_000);
    console.type('+++');
    console.wait(1_000);
    const peer = received(console.far);
    expect(console.at('+CIPCLOSE=0')).toBe(OK + unit('CLOSED') + unit('+CIPCLOSE: 0,0'));
    expect(peer.end).toBe('complete');
    expect(console.at('O')).toBe(unit('NO CARRIER'));
  });

  test('CIPSEND on the transparent link is refused: busy', () => {
    expect(suspended().at('+CIPSEND=0,5')).toBe(unit('+CIPERROR: 8') + ERROR);
  });

  test('ATO with no link: NO CARRIER', () => {
    expect(open().at('O')).toBe(unit('NO CARRIER'));
  });

  test('what comes after +++ waits for ATO', () => {
    const console = suspended();
    say(console.far, 'HELLO CLIENT');
    expect(console.wait(1_000)).toBe('');
    expect(console.at('O')).toBe(`${unit('CONNECT 115200')}HELLO CLIENT`);
  });

  test('ATH answers OK and leaves sockets alone', () => {
    const console = suspended();
    expect(console.at('H')).toBe(OK);
    expect(console.module.control.openLinks).toBe(1);
  });

  test('peer closes in data mode: what it sent, then CLOSED, and command mode', () => {
    const console = openTransparent();
    say(console.far, 'bye');
    hangUp(console.far);
    expect(console.wait(1_000)).toBe(`bye${unit('CLOSED')}`);
    expect(console.at('')).toBe(OK);
    expect(console.module.control.openLinks).toBe(0);
  });

  test('peer closes after +++: +IPCLOSE: 0,1, with CLOSED first (option)', () => {
    const close = (suspendedCloseSaysClosed: boolean) => {
      const console = suspended({ profile: { ...a76xx, suspendedCloseSaysClosed } });
      hangUp(console.far);
      return console.wait(1_000);
    };
    expect(close(false)).toBe(unit('+IPCLOSE: 0,1'));
    expect(close(true)).toBe(unit('CLOSED') + unit('+IPCLOSE: 0,1'));
  });

  test('URCs during data mode are held back, or mixed in (option)', () => {
    const ring = (urcsInData: boolean) => {
      const console = openTransparent({ profile: { ...a76xx, urcsInData } });
      console.module.control.report('RING');
      const meanwhile = console.wait(1_000);
      console.type('+++');
      return [meanwhile, console.wait(1_000)];
    };
    expect(ring(false)).toEqual(['', OK + unit('RING')]);
    expect(ring(true)).toEqual([unit('RING'), OK]);
  });

  test('RECV FROM inside the stream (option: driver Kavish1998)', () => {
    const console = openTransparent({ profile: { ...a76xx, headersInData: true, urcsInData: true } });
    say(console.far, 'abc');
    expect(console.printed()).toBe('\r\nRECV FROM:10.0.9.9:5253\r\n+IPD3\r\nabc');
  });

  test('other links work in command mode meanwhile (option): their reports wait', () => {
    const console = openTransparent({ profile: note100 });
    console.wait(1_000);
    console.type('+++');
    console.wait(1_000);
    console.at('+CIPRXGET=1');
    const other = connected(console, 3);
    console.at('O');
    say(other, 'for later');
    expect(console.wait(1_000)).toBe('');
    console.type('+++');
    expect(console.wait(1_000)).toBe(OK + unit('+CIPRXGET: 1,3'));
  });

  test('a restart in data mode: start-up lines, command mode, echo on', () => {
    const console = openTransparent();
    console.module.control.restart();
    expect(console.printed()).toMatch(/^\r\n\*ATREADY: 1\r\n/);
    expect(console.at('')).toBe(`AT\r${OK}`);
  });

  test('bearer loss in data mode: CLOSED ends it, the reports follow', () => {
    const console = openTransparent();
    console.module.control.loseBearer();
    expect(console.printed()).toBe(
      unit('CLOSED') + unit('+CGEV: NW PDN DEACT 1') + unit('+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY'),
    );
  });

  test('a peer that does not read holds the host back; +++ works all the same, and nothing is lost', () => {
    const console = openTransparent({ profile: { ...a76xx, sendBuffer: 1_000 } });
    const sent = 'z'.repeat(3_000);
    console.type(sent);
    console.wait(1_000);
    console.type('+++');
    expect(console.wait(1_000)).toBe(OK);
    expect(received(console.far).text).toBe(sent);
  });
});

describe('protocol 3.18 DTR and DCD', () => {
  const withDtr = (mode: number) => {
    const console = suspended();
    console.at(`&D${mode}`);
    console.at('O');
    console.module.control.dtr = false;
    return console;
  };

  test('&D0 ignores DTR', () => {
    const console = withDtr(0);
    expect(console.wait(5_000)).toBe('');
    expect(console.module.control.state.mode).toBe('data');
  });

  test('&D1: DTR off leads to command mode, the link is kept', () => {
    const console = withDtr(1);
    expect(console.printed()).toBe(OK);
    expect(console.module.control.state.mode).toBe('suspended');
    console.module.control.dtr = true;
    expect(console.at('O')).toBe(unit('CONNECT 115200'));
  });

  test('&D2: DTR off disconnects: +IPCLOSE: 0,2', () => {
    const console = withDtr(2);
    expect(console.printed()).toBe(unit('CLOSED') + unit('+IPCLOSE: 0,2'));
    expect(console.module.control.state.mode).toBe('command');
    expect(received(console.far).end).toBe('complete');
  });

  test('DCD follows the connection with &C1, is always on with &C0', () => {
    const console = suspended();
    const { control } = console.module;
    expect(control.dcd).toBe(true);
    console.at('+CIPCLOSE=0');
    expect(control.dcd).toBe(false);
    console.at('&C0');
    expect(control.dcd).toBe(true);
  });
});

describe('protocol 3.18 transparent UDP', () => {
  function udp(profile = a76xx) {
    const console = open({ profile });
    console.at('+CIPMODE=1');
    console.at('+NETOPEN');
    console.wait(10);
    const peer = bound(console, 0, `"${PEER.host}",5254,5000`);
    return { console, ...peer };
  }

  test('datagrams go both ways; CIPOPEN on the open link goes back to data mode (application note 3.3.3)', () => {
    const { console, heard, say: send } = udp();
    console.type('one');
    console.wait(1_000);
    send('two');
    expect(console.printed()).toBe('two');
    expect(heard.values.map(({ bytes }) => textOf(bytes))).toEqual(['one']);
    console.type('+++');
    console.wait(1_000);
    expect(console.at(`+CIPOPEN=0,"UDP","${PEER.host}",5254,5000`)).toBe(unit('CONNECT 115200'));
  });

  test('needs a peer', () => {
    const console = open();
    console.at('+CIPMODE=1');
    console.at('+NETOPEN');
    console.wait(10);
    expect(console.at('+CIPOPEN=0,"UDP",,,5000')).toBe(unit('+CIPOPEN: 0,3') + ERROR);
  });

  test('close: CLOSED, +CIPCLOSE: 0,0, OK; without CLOSED (option, Q-8)', () => {
    const close = (profile: typeof a76xx) => {
      const { console } = udp(profile);
      console.wait(1_000);
      console.type('+++');
      console.wait(1_000);
      return console.at('+CIPCLOSE=0');
    };
    expect(close(a76xx)).toBe(unit('CLOSED') + unit('+CIPCLOSE: 0,0') + OK);
    expect(close({ ...a76xx, udpCloseSaysClosed: false })).toBe(unit('+CIPCLOSE: 0,0') + OK);
  });
});

test('a client of a transparent server may leave after +++', () => {
  const console = open();
  console.at('+CIPMODE=1');
  console.at('+NETOPEN');
  console.wait(10);
  console.at('+SERVERSTART=8080,0');
  const client = caller(console, 8080);
  console.wait(1_000);
  console.type('+++');
  console.wait(1_000);
  hangUp(client);
  expect(console.wait(100)).toBe(unit('+IPCLOSE: 0,1'));
  expect(console.at('+SERVERSTOP=0')).toBe(OK + unit('+SERVERSTOP: 0,0'));
});

test.each(['AT+NETCLOSE', 'AT+CIPCLOSE=0'])(
  '%s of another port says CLOSED once, also where the peer has gone',
  (command) => {
    const console = openTransparent({ ports: ['at', 'at'] });
    console.type('rest');
    hangUp(console.far);
    console.module.control.otherProgram(command);
    expect(console.wait(1_000).match(/CLOSED/g)).toHaveLength(1);
  },
);

test.each(['AT+NETCLOSE', 'AT+CIPCLOSE=0'])(
  '%s of another port ends data mode with CLOSED; what was held back meanwhile comes after it',
  (command) => {
    const console = openTransparent({ ports: ['at', 'at'] });
    console.module.control.report('RING');
    console.module.control.otherProgram(command);
    expect(console.wait(1_000)).toMatch(/^\r\nCLOSED\r\n.*\r\nRING\r\n/s);
  },
);

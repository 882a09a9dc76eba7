import { describe, expect, test } from 'vitest';
import { ERROR, now, OK, observe, open, unit } from '../../../test/console.js';
import { instant } from '../timing.js';

describe('AT+CCLK (AT command manual V1.09, 3.2.10)', () => {
  test('goes on, and outlives a restart', () => {
    const console = open();
    expect(console.at('+CCLK?')).toBe(unit('+CCLK: "80/01/06,00:00:00+00"') + OK);
    expect(console.at('+CCLK="14/01/01,02:14:36+08"')).toBe(OK);
    console.wait(24 * 3_600_000);
    console.module.control.restart();
    console.at('E0');
    expect(console.at('+CCLK?')).toBe(unit('+CCLK: "14/01/02,02:14:36+08"') + OK);
    for (const bad of ['"14/13/01,02:14:36+08"', '"14/01/01"', '"14/01/01,02:14:36+97"', '']) {
      expect(console.at(`+CCLK=${bad}`)).toBe(ERROR);
    }
  });

  test("the network's time sets it with AT+CTZU=1, at the registration", () => {
    const console = open({ timing: { ...instant, registration: 2_000 } });
    console.at('+CTZU=1');
    console.module.control.restart();
    console.at('E0');
    console.wait(2_000);
    expect(console.at('+CCLK?')).toBe(unit('+CCLK: "70/01/01,00:00:02+00"') + OK);
  });

  test('AT+CTZR=1 reports a zone that is not the own one (4.2.13)', () => {
    const console = open();
    console.at('+CCLK="14/01/01,02:14:36+08"');
    console.at('+CTZR=1');
    const { surroundings } = console.module.control;
    surroundings.registration = 0;
    console.printed();
    surroundings.registration = 1;
    expect(console.printed()).toBe(unit('+CTZV: +00,70/01/01,00:00:00'));
  });
});

describe('AT+CNTP (14.2.3)', () => {
  /** A server whose transmit time stamp is that of a moment, or that answers something else. */
  function serve(console: ReturnType<typeof open>, answer: Uint8Array) {
    const socket = now(console.outside.host('time.test').bind(123));
    socket.received$.subscribe(({ from }) => observe(socket.send(answer, from)));
  }

  function answerAt(ms: number): Uint8Array {
    const packet = new Uint8Array(48);
    packet[0] = 0x24;
    new DataView(packet.buffer).setUint32(40, ms / 1000 + 2_208_988_800);
    return packet;
  }

  test('sets the clock in the zone that was asked for', () => {
    const console = open();
    serve(console, answerAt(Date.UTC(2024, 1, 29, 12)));
    expect(console.at('+CNTP="time.test",32')).toBe(OK);
    expect(console.at('+CNTP?')).toBe(unit('+CNTP: time.test,32') + OK);
    expect(console.at('+CNTP')).toBe(OK + unit('+CNTP: 0'));
    expect(console.at('+CCLK?')).toBe(unit('+CCLK: "24/02/29,20:00:00+32"') + OK);
    expect(console.at('+CNTP="time.test",97')).toBe(ERROR);
  });

  test('a server with an unknown name, one that is silent, one that talks nonsense (14.3.2)', () => {
    const console = open();
    console.at('+CNTP="nowhere.test"');
    expect(console.at('+CNTP')).toBe(OK + unit('+CNTP: 4'));
    serve(console, new Uint8Array(48));
    console.at('+CNTP="time.test"');
    expect(console.at('+CNTP')).toBe(OK + unit('+CNTP: 3'));
    console.outside.host('silent.test');
    console.at('+CNTP="silent.test"');
    expect(console.at('+CNTP')).toBe(OK);
    expect(console.wait(10_000)).toBe(unit('+CNTP: 6'));
    console.module.control.surroundings.bearer = false;
    console.printed();
    expect(console.at('+CNTP')).toBe(OK + unit('+CNTP: 4'));
  });
});

test('what the module is fed and how warm it is', () => {
  const console = open({ surroundings: { voltage: 3.749, temperature: 15 } });
  expect(console.at('+CBC')).toBe(unit('+CBC: 3.749V') + OK);
  expect(console.at('+CPMUTEMP')).toBe(unit('+CPMUTEMP: 15') + OK);
});

test('AT+CSCS, which a restart keeps; no blank after the colon (2.2.20, Q-21)', () => {
  const console = open();
  expect(console.at('+CSCS?')).toBe(unit('+CSCS:"IRA"') + OK);
  expect(console.at('+CSCS=?')).toBe(unit('+CSCS: ("IRA","GSM","UCS2","HEX")') + OK);
  console.at('+CSCS="UCS2"');
  console.module.control.restart();
  console.at('E0');
  expect(console.at('+CSCS?')).toBe(unit('+CSCS:"UCS2"') + OK);
  expect(console.at('+CSCS="8859-1"')).toBe(ERROR);
  console.at('+CSCS');
  expect(console.at('+CSCS?')).toBe(unit('+CSCS:"IRA"') + OK);
});

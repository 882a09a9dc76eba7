import { describe, expect, test } from 'vitest';
import { ERROR, OK, observe, open, say, textOf, unit } from '../../../test/console.js';

// AT command manual V1.09, 18; the bytes on the other side are those of MQTT 3.1.1.

const BROKER = '10.0.9.9';
const CONNECTED = '\u0020\u0002\u0000\u0000';

/** A client that is connected for 60 s to a broker that answers what it is told to. */
function start() {
  const console = open();
  const accepted = observe(console.outside.serve(BROKER, 1883));
  console.at('+CMQTTSTART');
  console.at('+CMQTTACCQ=0,"me"');
  console.at(`+CMQTTCONNECT=0,"tcp://${BROKER}",60,1`);
  const [broker] = accepted.values;
  if (broker === undefined) throw new Error('Nothing was connected.');
  let heard = '';
  broker.received$.subscribe((bytes) => (heard += textOf(bytes)));
  say(broker, CONNECTED);
  console.printed();
  const entered = (command: string, payload: string) => {
    console.at(command);
    return console.type(payload);
  };
  const said = () => {
    const text = heard;
    heard = '';
    return text;
  };
  said();
  return { console, broker, entered, said };
}

describe('the connection', () => {
  test('is kept alive by pings; a broker that answers none has gone (MQTT 3.1.1, 3.1.2.10)', () => {
    const { console, broker, said } = start();
    expect(console.wait(60_000)).toBe('');
    expect(said()).toBe('\u00c0\u0000');
    say(broker, '\u00d0\u0000');
    expect(console.wait(60_000)).toBe('');
    expect(console.wait(30_000)).toBe(unit('+CMQTTPING: 0,17') + unit('+CMQTTCONNLOST: 0,2'));
    expect(console.at('+CMQTTDISC?')).toContain('+CMQTTDISC: 0,1');
  });

  test('goes with the bearer, and the service with it (18.4)', () => {
    const { console } = start();
    console.module.control.loseBearer();
    expect(console.printed()).toContain(unit('+CMQTTNONET'));
    expect(console.at('+CMQTTACCQ=0,"me"')).toBe(ERROR);
    expect(console.at('+CMQTTSTART')).toBe(OK + unit('+CMQTTSTART: 0'));
  });

  test('ends when the broker talks nonsense', () => {
    const { console, broker } = start();
    say(broker, '\u0030\u00ff\u00ff\u00ff\u00ff\u0001');
    expect(console.printed()).toBe(unit('+CMQTTCONNLOST: 0,1'));
  });
});

describe('messages', () => {
  test('have UTF-8 as their topic, unless AT+CMQTTCFG says otherwise', () => {
    const { console, entered } = start();
    expect(entered('+CMQTTTOPIC=0,1', '\u00ff')).toBe(unit('+CMQTTTOPIC: 0,2') + ERROR);
    console.at('+CMQTTCFG="checkUTF8",0,0');
    expect(entered('+CMQTTTOPIC=0,1', '\u00ff')).toBe(OK);
    expect(console.at('+CMQTTCFG="checkUTF8",1,0')).toBe(unit('+CMQTTCFG: 1,20') + ERROR);
    expect(console.at('+CMQTTCFG="version",0,5')).toBe(ERROR);
    expect(console.at('+CMQTTCFG?')).toBe(unit('+CMQTTCFG: 0,4,0,120,0,0') + OK);
  });

  test('name their topic in the command, where AT+CMQTTCFG="argtopic" allows it', () => {
    const { console, broker, entered, said } = start();
    console.at('+CMQTTCFG="argtopic",0,1,1');
    expect(entered('+CMQTTPUB=0,"a/b",0,5', 'hello')).toBe(OK + unit('+CMQTTPUB: 0,0'));
    expect(said()).toBe('\u0030\u000a\u0000\u0003a/bhello');
    expect(console.at('+CMQTTSUB=0,"a/b",1')).toBe(OK);
    expect(said()).toBe('\u0082\u0008\u0000\u0001\u0000\u0003a/b\u0001');
    say(broker, '\u0090\u0003\u0000\u0001\u0001');
    expect(console.printed()).toBe(unit('+CMQTTSUB: 0,0'));
  });

  test('that come in are as long as they like', () => {
    const { console, broker } = start();
    const size = 200_000;
    const length = size + 3;
    const coded = [(length & 0x7f) | 0x80, ((length >> 7) & 0x7f) | 0x80, length >> 14];
    const head = [0x30, ...coded, 0, 1, 0x74];
    say(broker, `${textOf(Uint8Array.from(head))}${'x'.repeat(size)}`);
    const text = console.printed();
    expect(text).toContain(`+CMQTTRXSTART: 0,1,${size}\r\n`);
    expect(text.match(/\+CMQTTRXPAYLOAD/g)).toHaveLength(Math.ceil(size / 1500));
    expect(text.match(/x/g)).toHaveLength(size);
  });
});

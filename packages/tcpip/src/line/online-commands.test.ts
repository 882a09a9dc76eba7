import { describe, expect, test } from 'vitest';
import { startedLane } from '../../test/lane-rig.js';
import { OnlineCommands } from './online-commands.js';
import { Proof } from './proof.js';

function rig() {
  const lane = startedLane();
  const proof = new Proof(lane.lane, () => 0.5);
  return { ...lane, commands: new OnlineCommands(lane.lane, proof) };
}
const OURS = '+CIPOPEN: 0,"TCP","10.0.0.1",80,-1';

/** The module is asked for the connection with port 80. */
function asked() {
  const { commands, ...lane } = rig();
  const found: string[] = [];
  commands.verify(
    (link) => link.port === 80,
    (link) => found.push(link),
  );
  return { ...lane, found };
}

describe('whether the module has the connection', () => {
  test.each([
    ['it has', [OURS, 'OK'], 'open'],
    ['the link is free', ['+CIPOPEN: 0', 'OK'], 'gone'],
    ['only other links are there', ['+CIPOPEN: 0', OURS.replace('0', '1'), 'OK'], 'gone'],
    ['another one has the link', [OURS.replace('80', '81'), 'OK'], 'another'],
  ])('is asked: %s', (_, lines, expected) => {
    const { print, sent, found } = asked();
    expect(sent).toEqual(['AT+CIPOPEN?\r']);
    print(...lines);
    // What would end the connection has to be said twice.
    if (expected !== 'open') print(...lines);
    expect(found).toEqual([expected]);
  });

  test('one answer that says no is not believed when the next one says yes', () => {
    const { print, found } = asked();
    print('+CIPOPEN: 0', 'OK');
    expect(found).toEqual([]);
    print(OURS, 'OK');
    expect(found).toEqual(['open']);
  });

  test('is no when the module refuses to tell: the network is closed', () => {
    const { print, found } = asked();
    print('+IP ERROR: Network not opened', 'ERROR');
    print('+IP ERROR: Network not opened', 'ERROR');
    expect(found).toEqual(['gone']);
  });

  test('is asked again when the answer is damaged', () => {
    const { print, found } = asked();
    print('+CIPOPEN: 0,"TCP","10.0.0.1",8x,-1', 'OK');
    print(OURS, 'OK');
    expect(found).toEqual(['open']);
  });
});

describe('the return to data mode', () => {
  const LIMITS = ['+CIPTIMEOUT: 10500,10500,10500', 'OK'];

  test('makes sure of the numbers, then sends ATO', () => {
    const { commands, print, sent } = rig();
    commands.return(() => {});
    print('+CIPTIMEOUT: 10000,10000,10000', 'OK');
    print('OK');
    print(...LIMITS);
    expect(sent.at(-1)).toBe('ATO\r');
  });

  test('says so when ATO is not sent, because the module does not keep the numbers', () => {
    const { commands, print, sent, advance } = rig();
    let failed = 0;
    commands.return(() => failed++);
    for (let times = 0; times < 3; times++) {
      print('ERROR');
      advance(5_000);
    }
    expect([failed, sent.includes('ATO\r')]).toEqual([1, false]);
  });

  test('says nothing when ATO is refused: the lane tells that', () => {
    const { commands, print, sent } = rig();
    let failed = 0;
    commands.return(() => failed++);
    print('+CIPTIMEOUT: 10000,10000,10000', 'OK');
    print('OK');
    print(...LIMITS);
    print('ERROR');
    expect([failed, sent.at(-1)]).toEqual([0, 'ATO\r']);
  });

  test('is given up after 9 s', () => {
    const { commands, print, advance, counts } = rig();
    commands.return(() => {});
    print('+CIPTIMEOUT: 10000,10000,10000', 'OK');
    print('OK');
    print(...LIMITS);
    advance(8_999);
    expect(counts).toEqual([]);
    advance(1);
    expect(counts).toContain('unansweredCommands');
  });

  test('can be taken back before ATO is sent', () => {
    const { commands, print, sent } = rig();
    commands.return(() => {});
    commands.cancelReturn();
    print('+CIPTIMEOUT: 10500,10500,10500', 'OK');
    expect(sent).toEqual(['AT+CIPTIMEOUT?\r']);
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Property, property } from '../../../../tools/properties.js';
import { protocolPayload } from '../../src/arbitraries/payload.js';
import { a76xx } from '../../src/emulator/profiles/a76xx.js';
import { instant, recorded } from '../../src/emulator/timing.js';
import type { Connection } from '../../src/networks/network.js';
import { type Console, observe, open, PEER, textOf } from '../console.js';

const LINKS = 3;

/** Lines, buffers and windows that traffic has to get through. */
const way = fc.record({
  slow: fc.boolean(),
  uart: fc.boolean(),
  latency: fc.constantFrom(0, 30),
  /** Bytes that a link keeps, each way. */
  buffer: fc.constantFrom(10, 1_000, 64_240),
});
type Way = typeof way extends fc.Arbitrary<infer T> ? T : never;

/** One chunk of traffic, or something that delays it. */
type Step =
  | { readonly do: 'send' | 'say'; readonly link: number; readonly bytes: Uint8Array }
  | { readonly do: 'pause' | 'resume' | 'read'; readonly link: number }
  | { readonly do: 'wait'; readonly ms: number };

const link = fc.nat(LINKS - 1);
const payload = protocolPayload({ minLength: 1, maxLength: 1_500 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('send', 'say'), link, bytes: payload }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('pause', 'resume', 'read', 'read'), link }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(800) }) },
);
const traffic = fc.record({ way, steps: fc.array(step, { maxLength: 25, size: 'max' }) });

export const byteProperties: readonly Property[] = [
  property(
    'buffer access: every byte is delivered once and in order, on each link, both ways',
    traffic,
    ({ way: how, steps }) => {
      const host = bufferHost(connect(how, ['+CIPRXGET=1']));
      for (const each of steps) host.perform(each);
      host.finish();
    },
  ),
  property(
    'direct push: every byte is delivered once and in order, on each link, both ways',
    traffic,
    ({ way: how, steps }) => {
      const host = pushHost(connect(how, ['+CIPRXGET=0', '+CIPSRIP=0', '+CIPCCFG=,,,,1']));
      for (const each of steps) host.perform(each);
      host.finish();
    },
  ),
  property(
    'transparent: every byte is delivered once and in order, both ways',
    traffic,
    ({ way: how, steps }) => {
      // Without flow control the module's port loses what it has no room for.
      const { console, peers } = connect(how, ['+IFC=2,2', '+CIPMODE=1'], 1);
      const [peer] = peers;
      if (peer === undefined) return;
      let typed = '';
      let heard = '';
      for (const each of steps) {
        if (each.do === 'send') {
          // `+++` would be the way out.
          const text = textOf(each.bytes).replaceAll('+', '-');
          typed += text;
          heard += console.type(text);
        } else {
          heard += console.printed() + performAtPeer(each, peer, console);
        }
      }
      peer.connection.resume();
      heard += console.wait(60_000);
      assert.equal(peer.heard, typed);
      assert.equal(heard, peer.said);
    },
  ),
];

/** The far end of a link: what it has said, and heard. */
interface Peer {
  readonly connection: Connection;
  said: string;
  heard: string;
}

interface Connected {
  readonly console: Console;
  readonly peers: readonly Peer[];
}

/** A module with so many links to peers; the last one has called in, unless it is the only one. */
function connect({ slow, uart, latency, buffer }: Way, setup: readonly string[], count = LINKS): Connected {
  const console = open({
    profile: { ...a76xx, sendBuffer: buffer, receiveBuffer: buffer },
    timing: slow ? recorded : instant,
    internet: { latency },
    ...(uart && { uart: { rtscts: true } }),
  });
  const peers: Peer[] = [];
  const meet = (connection: Connection) => {
    const peer: Peer = { connection, said: '', heard: '' };
    peers.push(peer);
    connection.received$.subscribe((bytes) => (peer.heard += textOf(bytes)));
  };
  console.wait(1_000);
  for (const text of ['E0', ...setup, '+NETOPEN', '+SERVERSTART=7,0']) run(console, text);
  console.outside.serve(PEER.host, PEER.port).subscribe(meet);
  const clients = Math.max(1, count - 1);
  for (let number = 0; number < clients; number++) {
    run(console, `+CIPOPEN=${number},"TCP","${PEER.host}",${PEER.port}`);
  }
  if (count > 1) console.outside.callIn(7).subscribe(meet);
  console.wait(1_000);
  assert.equal(peers.length, count);
  console.printed();
  return { console, peers };
}

/** Types a command and gives what is printed in the next second. */
function run(console: Console, command: string): string {
  return console.at(command) + console.wait(1_000);
}

/** What a step does at the far end; gives what the module prints meanwhile. */
function performAtPeer(each: Step, peer: Peer, console: Console): string {
  if (each.do === 'wait') return console.wait(each.ms);
  if (each.do === 'pause') peer.connection.pause();
  if (each.do === 'resume') peer.connection.resume();
  if (each.do === 'say') {
    peer.said += textOf(each.bytes);
    observe(peer.connection.write(each.bytes));
  }
  return console.printed();
}

/** The host's program: what it has sent and received on each link. */
interface Host {
  perform(each: Step): void;
  /** Lets everything come through, and compares both ends. */
  finish(): void;
}

/** Reads when it is told to; knows an answer by its length. */
function bufferHost({ console, peers }: Connected): Host {
  const accepted = peers.map(() => '');
  const received = peers.map(() => '');
  const read = (number: number): number => {
    const text = run(console, `+CIPRXGET=2,${number}`);
    const header = new RegExp(`\\+CIPRXGET: 2,${number},(\\d+),(\\d+)\\r\\n`).exec(text);
    if (header === null) return 0;
    const start = header.index + header[0].length;
    received[number] += text.slice(start, start + Number(header[1]));
    return Number(header[1]);
  };
  return {
    perform(each) {
      if (each.do === 'send') accepted[each.link] += send(console, each);
      else if (each.do === 'read') read(each.link);
      else performAtPeer(each, peerOf(peers, each), console);
    },
    finish() {
      letThrough({ console, peers });
      for (const [number, peer] of peers.entries()) {
        while (read(number) > 0) console.wait(1_000);
        assert.equal(peer.heard, accepted[number], `what link ${number} sent`);
        assert.equal(received[number], peer.said, `what link ${number} received`);
      }
    },
  };
}

/** Takes what is pushed; headers tell link and length. */
function pushHost({ console, peers }: Connected): Host {
  const accepted = peers.map(() => '');
  let pushed = '';
  return {
    perform(each) {
      if (each.do !== 'send') {
        pushed += performAtPeer(each, peerOf(peers, each), console);
        return;
      }
      const { taken, text } = sendAndHear(console, each);
      accepted[each.link] += taken;
      pushed += text;
    },
    finish() {
      pushed += letThrough({ console, peers });
      const received = parsePushed(pushed, peers.length);
      for (const [number, peer] of peers.entries()) {
        assert.equal(peer.heard, accepted[number], `what link ${number} sent`);
        assert.equal(received[number], peer.said, `what link ${number} received`);
      }
    },
  };
}

function peerOf(peers: readonly Peer[], each: Step): Peer {
  return peers['link' in each ? each.link : 0] as Peer;
}

function letThrough({ console, peers }: Connected): string {
  for (const { connection } of peers) connection.resume();
  return console.printed() + console.wait(60_000);
}

function send(console: Console, each: Sending): string {
  return sendAndHear(console, each).taken;
}

interface Sending {
  readonly link: number;
  readonly bytes: Uint8Array;
}

/** Sends, and gives the part that the module has taken, with all that it printed. */
function sendAndHear(console: Console, { link: number, bytes }: Sending): { taken: string; text: string } {
  const before = run(console, `+CIPSEND=${number},${bytes.length}`);
  if (!before.includes('\r\n>')) return { taken: '', text: before };
  const behind = console.type(bytes) + console.wait(1_000);
  const result = new RegExp(`\\r\\n\\+CIPSEND: ${number},${bytes.length},(\\d+)\\r\\n`).exec(behind);
  return { taken: textOf(bytes).slice(0, Number(result?.[1] ?? 0)), text: before + behind };
}

/** The data of each link in what was printed in direct push mode with header type 1. */
function parsePushed(text: string, count: number): string[] {
  const received = Array.from({ length: count }, () => '');
  const header = /\r\n\+RECEIVE,(\d),(\d+)\r\n/g;
  for (let found = header.exec(text); found !== null; found = header.exec(text)) {
    const end = header.lastIndex + Number(found[2]);
    received[Number(found[1])] += text.slice(header.lastIndex, end);
    header.lastIndex = end;
  }
  return received;
}

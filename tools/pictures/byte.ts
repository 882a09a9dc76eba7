import { type FullTraceEntry, modem } from '@a7600/tcpip';
import { recorded, virtualModule } from '@a7600/testing';
import { through } from '@a7600/transport';
import { first, of, switchMap } from 'rxjs';
import { COLOURS, label, picture } from './svg.js';

/** What passed between two of the four parties. */
interface Message {
  readonly at: number;
  readonly from: number;
  readonly to: number;
  readonly text: string;
}
const PARTIES = ['your program', 'SDK', 'module', 'peer'] as const;

/** Sends "ping" to a peer that answers "pong", and notes what passes. */
function conversation(): Message[] {
  const { network, run, scheduler, transport } = virtualModule({ seed: 1, timing: recorded });
  const messages: Message[] = [];
  const note = (from: number, to: number, text: string) =>
    messages.push({ at: scheduler.now(), from, to, text });
  network.serve('example.com', 4000).subscribe((client) => {
    client.received$.subscribe(() => {
      note(2, 3, '4 bytes');
      note(3, 2, '4 bytes');
      client.write(new TextEncoder().encode('pong')).subscribe();
    });
  });
  let isOpen = false;
  const trace = (entry: FullTraceEntry) => {
    if (isOpen) noteEntry(entry, note);
  };
  run(
    modem(transport, { scheduler, fullTrace: trace }).pipe(
      switchMap((m) => m.network()),
      switchMap((net) => net.connect({ host: 'example.com', port: 4000 })),
      switchMap((socket) => {
        isOpen = true;
        note(0, 1, "write('ping')");
        return of('ping').pipe(through(socket));
      }),
      first(),
    ),
  );
  const end = messages.findIndex(({ text }) => text === "received$: 'pong'");
  return end < 0 ? messages : messages.slice(0, end + 1);
}

function noteEntry(entry: FullTraceEntry, note: (from: number, to: number, text: string) => void): void {
  if (entry.kind === 'command') note(1, 2, entry.text);
  else if (entry.kind === 'payload') note(1, 2, new TextDecoder().decode(entry.bytes));
  else if (entry.kind === 'received') {
    const { kind, raw } = entry.event;
    const text = new TextDecoder().decode(raw).trim();
    if (text !== '' && kind !== 'echo') note(2, 1, text);
    if (text === 'pong') note(1, 0, "received$: 'pong'");
  }
}

/** Draws the life of a byte: to the peer, and back. */
export function bytePicture(): string {
  const messages = conversation();
  const [left, column, top, row] = [80, 190, 64, 26];
  const x = (party: number) => left + party * column;
  const bottom = top + messages.length * row;
  const start = messages[0]?.at ?? 0;
  return picture('The life of a byte', x(3) + 80, bottom + 20, [
    label(20, 22, 'The life of a byte: "ping" to a peer, and "pong" back', 'font-weight="600"'),
    ...PARTIES.flatMap((party, index) => [
      label(x(index), 50, party, 'text-anchor="middle"'),
      `<line x1="${x(index)}" x2="${x(index)}" y1="58" y2="${bottom + 6}" stroke="${COLOURS.line}" stroke-opacity="0.5"/>`,
    ]),
    ...messages.flatMap(({ at, from, to, text }, index) => {
      const y = top + index * row + 18;
      const tip = to > from ? -6 : 6;
      return [
        `<line x1="${x(from)}" x2="${x(to)}" y1="${y}" y2="${y}" stroke="${COLOURS.accent}"/>`,
        `<path d="M${x(to)} ${y} l${tip} -4 v8 z" fill="${COLOURS.accent}"/>`,
        label((x(from) + x(to)) / 2, y - 4, text.slice(0, 26), 'text-anchor="middle" class="mono"'),
        label(6, y + 4, `${Math.round(at - start)} ms`, 'font-size="11"'),
      ];
    }),
  ]);
}

import type { Timeline } from '@a7600/diagnostics/timeline';
import { lostTime } from './lost-time.js';
import { SCRIPT, STYLE } from './page-assets.js';

/**
 * A timeline as one HTML page that needs nothing else.
 *
 * @param timeline the recording over time
 * @param title what it is a recording of
 * @returns the page
 */
export function pageOf(timeline: Timeline, title: string): string {
  const lost = lostTime(timeline);
  const { length, commands, links, notifications } = timeline;
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(3)} s`;
  const row = (cells: readonly (string | number)[], at?: number) =>
    `<tr${at === undefined ? '' : ` data-at="${at}"`}>${cells.map((cell) => `<td>${escaped(String(cell))}</td>`).join('')}</tr>`;
  const table = (heads: readonly string[], rows: readonly string[]) =>
    `<table><thead><tr>${heads.map((head) => `<th>${escaped(head)}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
  const unanswered = commands.filter(({ result }) => result === undefined).length;
  const bytes = links.reduce((sum, { sent, received }) => sum + sent + received, 0);

  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
<p>${seconds(length)}, ${commands.length} commands (${unanswered} without an answer), ${links.length} connections with
${bytes} bytes of payload, ${notifications.length} notifications.</p>
<p class="help">Wheel: zoom. Drag: move. Double click: everything. Click on a row below: show it.</p>
<canvas id="chart" aria-label="Timeline"></canvas>
<p id="detail" role="status">Point at something.</p>
<h2>Where time was lost</h2>
<p>The module was asked and had not answered for ${seconds(lost.waiting)}. For ${seconds(lost.idle)} nothing was asked.</p>
${table(
  ['command', 'count', 'all', 'longest'],
  lost.commands.map(({ name, count, total, longest, at }) =>
    row([name, count, seconds(total), seconds(longest)], at),
  ),
)}
<h2>Silences</h2>
${
  lost.silences.length === 0
    ? '<p>None of half a second or more.</p>'
    : table(
        ['at', 'length', 'meanwhile'],
        lost.silences.map(({ at, length: gap, after }) => row([seconds(at), seconds(gap), after], at)),
      )
}
<h2>Connections</h2>
${table(
  ['link', 'from', 'to', 'sent', 'received'],
  links.map(({ link, from, to, sent, received }) =>
    row([link, seconds(from), seconds(to), sent, received], from),
  ),
)}
<script id="data" type="application/json">${embedded(timeline)}</script>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

/** Text in HTML. */
function escaped(text: string): string {
  const codes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replaceAll(/[&<>"]/g, (char) => codes[char] ?? char);
}

/** Data in a script element: no text in it can end that element. */
function embedded(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

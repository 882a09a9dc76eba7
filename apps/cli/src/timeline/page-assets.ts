/** The style of the page. */
export const STYLE = `
body { font: 14px/1.5 system-ui, sans-serif; margin: 1rem 2rem; color: #222; background: #fff; }
h1 { font-size: 1.3rem; } h2 { font-size: 1.1rem; margin-top: 1.5rem; }
canvas { width: 100%; border: 1px solid #ccc; cursor: grab; display: block; }
#detail { font-family: ui-monospace, monospace; min-height: 1.5em; white-space: pre-wrap; overflow-wrap: anywhere; }
.help { color: #666; }
table { border-collapse: collapse; } th { text-align: left; } td, th { padding: 0.1rem 1rem 0.1rem 0; }
tr[data-at] { cursor: pointer; } tr[data-at]:hover { background: #eef; }
@media (prefers-color-scheme: dark) {
  body { color: #ddd; background: #181818; } canvas { border-color: #444; } tr[data-at]:hover { background: #334; }
}
`;

/** What draws the page: no library, in the browsers of today. */
export const SCRIPT = String.raw`
const data = JSON.parse(document.getElementById('data').textContent);
const canvas = document.getElementById('chart');
const detail = document.getElementById('detail');
const pen = canvas.getContext('2d');
const ROW = 22, LEFT = 110;
const linkNumbers = [...new Set(data.links.map((each) => each.link))].sort((a, b) => a - b);
const lanes = ['commands', 'notifications', 'state', ...linkNumbers.map((n) => 'link ' + n), 'signal', 'bytes'];
const height = lanes.length * ROW + 24;
let view = { from: 0, to: Math.max(1, data.length) };
let shown = [];

const xOf = (at, width) => LEFT + ((at - view.from) / (view.to - view.from)) * (width - LEFT - 8);
const time = (ms) => (ms / 1000).toFixed(view.to - view.from < 2000 ? 3 : 1) + ' s';

function mark(lane, from, to, colour, text, tall = ROW - 6) {
  const width = canvas.clientWidth;
  const left = Math.max(LEFT, xOf(from, width));
  const right = Math.min(width - 8, Math.max(left + 1.5, xOf(to, width)));
  if (to < view.from || from > view.to || right < LEFT) return;
  const top = lanes.indexOf(lane) * ROW + ROW - 3 - tall;
  pen.fillStyle = colour;
  pen.fillRect(left, top, right - left, tall);
  shown.push({ left: left - 2, right: right + 2, top: lanes.indexOf(lane) * ROW, text });
}

function draw() {
  const width = canvas.clientWidth, scale = devicePixelRatio || 1;
  canvas.width = width * scale; canvas.height = height * scale; canvas.style.height = height + 'px';
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.clearRect(0, 0, width, height);
  shown = [];
  const ink = getComputedStyle(document.body).color;
  pen.font = '12px system-ui, sans-serif';
  for (const [index, lane] of lanes.entries()) {
    pen.fillStyle = ink; pen.fillText(lane, 4, index * ROW + 15);
    pen.globalAlpha = 0.12; pen.fillRect(0, (index + 1) * ROW - 1, width, 1); pen.globalAlpha = 1;
  }
  for (const each of data.commands) {
    const failed = each.result === undefined || /ERROR/.test(each.result);
    const words = each.text + '  ' + (each.result ?? 'no answer') + '  ' + Math.round(each.to - each.from) + ' ms';
    mark('commands', each.from, each.to, failed ? '#d33' : '#47a', words);
  }
  for (const each of data.notifications) mark('notifications', each.at, each.at, '#a6a', each.text);
  for (const each of data.states) mark('state', each.at, each.at, '#e80', each.text);
  for (const each of data.links) {
    const lane = 'link ' + each.link;
    mark(lane, each.from, each.to, '#9c9', lane + ': ' + each.sent + ' bytes sent, ' + each.received + ' received, ' + Math.round(each.to - each.from) + ' ms', 6);
    for (const { at, direction, size } of each.transfers)
      mark(lane, at, at, direction === 'sent' ? '#284' : '#06c', size + ' bytes ' + direction, 14);
  }
  for (const { at, rssi } of data.signal)
    mark('signal', at, at, '#c80', '+CSQ: ' + rssi + ', ' + (rssi * 2 - 113) + ' dBm', Math.max(2, (rssi / 31) * (ROW - 6)));
  drawBytes(width);
  const step = niceStep((view.to - view.from) / 8);
  pen.fillStyle = ink;
  for (let at = Math.ceil(view.from / step) * step; at <= view.to; at += step) {
    const x = xOf(at, width);
    pen.globalAlpha = 0.15; pen.fillRect(x, 0, 1, height - 20); pen.globalAlpha = 1;
    pen.fillText(time(at), x + 2, height - 6);
  }
}

function drawBytes(width) {
  const count = Math.max(10, Math.floor((width - LEFT) / 4)), size = (view.to - view.from) / count;
  const sums = Array.from({ length: count }, () => 0);
  for (const each of data.line) {
    const index = Math.floor((each.at - view.from) / size);
    if (index >= 0 && index < count) sums[index] += each.size;
  }
  const most = Math.max(1, ...sums);
  for (const [index, sum] of sums.entries()) {
    if (sum === 0) continue;
    const from = view.from + index * size;
    mark('bytes', from, from + size, '#888', sum + ' bytes in ' + size.toFixed(1) + ' ms', Math.max(1, (sum / most) * (ROW - 6)));
  }
}

function niceStep(wanted) {
  const unit = 10 ** Math.floor(Math.log10(Math.max(wanted, 0.001)));
  return [1, 2, 5, 10].map((each) => each * unit).find((each) => each >= wanted) ?? wanted;
}

function show(from, to) {
  const least = 1, whole = Math.max(1, data.length);
  const span = Math.min(whole, Math.max(least, to - from));
  const start = Math.min(Math.max(0, from), whole - span);
  view = { from: start, to: start + span };
  draw();
}

canvas.addEventListener('wheel', (event) => {
  event.preventDefault();
  const share = (event.offsetX - LEFT) / (canvas.clientWidth - LEFT - 8);
  const at = view.from + share * (view.to - view.from);
  const factor = event.deltaY > 0 ? 1.25 : 0.8;
  show(at - (at - view.from) * factor, at + (view.to - at) * factor);
}, { passive: false });
let dragged;
canvas.addEventListener('pointerdown', (event) => { dragged = { x: event.offsetX, ...view }; canvas.setPointerCapture(event.pointerId); });
canvas.addEventListener('pointerup', () => { dragged = undefined; });
canvas.addEventListener('pointermove', (event) => {
  if (dragged !== undefined) {
    const moved = ((dragged.x - event.offsetX) / (canvas.clientWidth - LEFT - 8)) * (dragged.to - dragged.from);
    show(dragged.from + moved, dragged.to + moved);
    return;
  }
  const found = shown.filter((each) => event.offsetX >= each.left && event.offsetX <= each.right && event.offsetY >= each.top && event.offsetY < each.top + ROW);
  if (found.length > 0) detail.textContent = found.slice(-3).map((each) => each.text).join('\n');
});
canvas.addEventListener('dblclick', () => show(0, data.length));
document.addEventListener('click', (event) => {
  const row = event.target.closest?.('tr[data-at]');
  if (row === null || row === undefined) return;
  const at = Number(row.dataset.at), span = Math.max(200, data.length / 50);
  show(at - span / 4, at + span);
  canvas.scrollIntoView({ block: 'nearest' });
});
addEventListener('resize', draw);
draw();
`;

import { spawn } from '@lydell/node-pty';
import headless from '@xterm/headless';
import { escapeText } from './svg.js';

const COLUMNS = 96;
const [CELL, LINE, PAD] = [8.4, 19, 16];
/** The eight colours of a terminal. */
const PALETTE = ['#484f58', '#ff7b72', '#3fb950', '#d29922', '#58a6ff', '#bc8cff', '#39c5cf', '#b1bac4'];

/** Runs a command in a terminal, and draws what it prints. `fix` replaces what differs from run to run. */
export async function terminalPicture(
  command: string,
  cwd: string,
  fix: (line: string) => string,
): Promise<string> {
  const printed = await output(command, cwd);
  const terminal = new headless.Terminal({
    cols: COLUMNS,
    rows: 24,
    scrollback: 1_000,
    allowProposedApi: true,
  });
  const text = `\x1b[2m$\x1b[0m \x1b[1m${command}\x1b[0m\r\n${printed.split('\n').map(fix).join('\n')}`;
  await new Promise<void>((done) => terminal.write(text, done));
  const lines = linesOf(terminal);
  const [width, height] = [COLUMNS * CELL + 2 * PAD, lines.length * LINE + 2 * PAD].map(Math.ceil);
  const font = `font-family="ui-monospace, Menlo, Consolas, monospace" font-size="14"`;
  const attributes = `viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ${font}`;
  const rows = lines.map((line, y) => `<text y="${PAD + (y + 0.8) * LINE}">${line}</text>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" ${attributes} fill="#c9d1d9" xml:space="preserve" role="img"><title>${escapeText(command)}</title><rect width="100%" height="100%" rx="8" fill="#0d1117"/>\n${rows.join('\n')}\n</svg>\n`;
}

function output(command: string, cwd: string): Promise<string> {
  const { CI: _, ...env } = process.env;
  const pty = spawn('bash', ['-c', command], {
    cols: COLUMNS,
    rows: 24,
    cwd,
    env: { ...env, FORCE_COLOR: '1', TERM: 'xterm-256color' },
  });
  let text = '';
  pty.onData((chunk) => {
    text += chunk;
  });
  return new Promise((resolve, reject) => {
    pty.onExit(({ exitCode }) =>
      exitCode === 0 ? resolve(text) : reject(new Error(`"${command}" ended with ${exitCode}:\n${text}`)),
    );
  });
}

function linesOf(terminal: InstanceType<typeof headless.Terminal>): string[] {
  const { active } = terminal.buffer;
  const lines = Array.from({ length: active.length }, (_, y) => lineOf(active, y));
  while (lines.at(-1) === '') lines.pop();
  return lines;
}

/** A line as runs of one style; each starts at its column, so another font shifts nothing. */
function lineOf(buffer: InstanceType<typeof headless.Terminal>['buffer']['active'], y: number): string {
  const runs: { readonly x: number; readonly style: string; text: string }[] = [];
  const line = buffer.getLine(y);
  for (let x = 0; x < COLUMNS; x++) {
    const cell = line?.getCell(x);
    if (cell === undefined || cell.getWidth() === 0) continue;
    const style = [
      cell.isFgPalette() ? `fill="${PALETTE[cell.getFgColor() % 8]}"` : '',
      cell.isBold() ? 'font-weight="bold"' : '',
      cell.isDim() ? 'opacity="0.6"' : '',
    ]
      .filter((part) => part !== '')
      .join(' ');
    const last = runs.at(-1);
    if (last?.style === style) last.text += cell.getChars() || ' ';
    else runs.push({ x, style, text: cell.getChars() || ' ' });
  }
  return runs
    .filter(({ text }) => text.trim() !== '')
    .map(
      ({ x, style, text }) =>
        `<tspan x="${(PAD + x * CELL).toFixed(1)}" ${style}>${escapeText(text.trimEnd())}</tspan>`,
    )
    .join('');
}

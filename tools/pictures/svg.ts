/** Colours that can be read on a light and on a dark page. */
export const COLOURS = {
  line: '#7d8590',
  accent: '#2f81f7',
  good: '#2da44e',
  bad: '#cf222e',
  box: '#7d85901f',
} as const;

/** Returns a text of SVG with its special characters escaped. */
export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Returns a text at a place; the baseline is at `y`. */
export function label(x: number, y: number, text: string, attributes = ''): string {
  return `<text x="${x}" y="${y}" ${attributes}>${escapeText(text)}</text>`;
}

/** Returns a picture whose text has the colour of the page, where the page sets one. */
export function picture(title: string, width: number, height: number, parts: readonly string[]): string {
  const font = 'font-family="system-ui, sans-serif" font-size="13"';
  const attributes = `viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ${font}`;
  // As a picture of its own it follows the scheme of the system.
  const style =
    'text { fill: #1f2328 } @media (prefers-color-scheme: dark) { text { fill: #d1d7e0 } } .mono { font-family: ui-monospace, monospace; font-size: 12px }';
  return `<svg xmlns="http://www.w3.org/2000/svg" ${attributes} role="img"><title>${escapeText(title)}</title><style>${style}</style>\n${parts.join('\n')}\n</svg>\n`;
}

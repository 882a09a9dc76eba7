import { layers, zones } from '../boundaries.mjs';
import { COLOURS, label, picture } from './svg.js';

const PACKAGES = ['@a7600/testing', '@a7600/tcpip', '@a7600/at-codec', '@a7600/transport'] as const;

/** Draws the packages, what each imports, and the layers of the largest, from the rules that lint enforces. */
export function layersPicture(): string {
  const inner = [
    ...((layers as Readonly<Record<string, readonly string[]>>)['packages/tcpip/src'] ?? []),
  ].reverse();
  const [left, top, row, width] = [20, 44, 24, 250];
  const height = inner.length * row + 34;
  const box = (x: number, y: number, w: number, h: number) =>
    `<rect x="${x}" y="${y}" width="${w}" height="${h}" rx="6" fill="${COLOURS.box}" stroke="${COLOURS.line}"/>`;
  const small = (index: number) => ({ x: 420, y: top + index * 90 });
  const others = PACKAGES.filter((name) => name !== '@a7600/tcpip');
  return picture('Packages and layers', 720, top + height + 20, [
    label(
      left,
      24,
      'Packages, and the layers of @a7600/tcpip: each imports only from below',
      'font-weight="600"',
    ),
    box(left, top, width, height),
    label(left + 12, top + 20, '@a7600/tcpip', 'font-weight="600"'),
    ...inner.map((name, index) => {
      const y = top + 30 + index * row;
      return `${box(left + 12, y, width - 24, row - 4)}${label(left + 24, y + 15, name, 'class="mono"')}`;
    }),
    ...others.map((name, index) => {
      const { x, y } = small(index);
      return `${box(x, y, 280, 66)}${label(x + 12, y + 22, name, 'font-weight="600"')}${label(x + 12, y + 46, importsOf(name), 'class="mono"')}`;
    }),
    `<path d="M${left + width} ${top + 123} h150" stroke="${COLOURS.accent}" fill="none"/>`,
    `<path d="M${left + width} ${top + 213} h150" stroke="${COLOURS.accent}" fill="none"/>`,
    label(left + width + 14, top + 117, 'imports', 'font-size="11"'),
    label(left + width + 14, top + 207, 'imports', 'font-size="11"'),
  ]);
}

/** What the core of a package may import. */
function importsOf(name: string): string {
  const path = `${name.replace('@a7600', 'packages')}/src`;
  const imports = zones.find((zone) => zone.path === path)?.imports ?? [];
  return imports.length === 0 ? 'imports nothing' : `imports ${imports.join(', ')}`;
}

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix, sep } from 'node:path';

/** What of a page the browser fetches by itself: scripts, style sheets, pictures, frames. */
const RESOURCE =
  /<(?:script|img|iframe|source|video|audio|embed|image|use)\b[^>]*?\s(?:src|href|srcset|data)="([^"]+)"|<link\b(?![^>]*rel="(?:canonical|alternate)")[^>]*?href="([^"]+)"/g;
/** What of a style sheet the browser fetches. */
const STYLE_RESOURCE =
  /url\(\s*['"]?((?:https?:)?\/\/[^)'"]+)|@import\s+(?:url\()?['"]((?:https?:)?\/\/[^'"]+)/g;

/**
 * Returns what is wrong with a built site: links to pages or headings that do not exist, and resources of another
 * host.
 *
 * @param folder The folder of the built site.
 */
export function siteFaults(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) =>
    file.split(sep).join('/'),
  );
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');
  const pages = new Map(files.filter((file) => file.endsWith('.html')).map((file) => [file, read(file)]));
  const anchors = new Map([...pages].map(([file, html]) => [file, anchorsOf(html)]));
  const isFile = (file: string) => existsSync(join(folder, file)) && statSync(join(folder, file)).isFile();
  return [
    ...[...pages].flatMap(([file, html]) => [
      ...foreign(html, RESOURCE).map((url) => `${file} loads ${url} from another host`),
      ...linksOf(html).flatMap((link) => {
        const [target, anchor] = resolve(file, link);
        if (!isFile(target)) return [`${file} links to ${link}, which is not in the site`];
        const isMissing = anchor !== '' && anchors.get(target)?.has(decodeURIComponent(anchor)) === false;
        return isMissing ? [`${file} links to ${link}, and ${target} has no such heading`] : [];
      }),
    ]),
    ...files
      .filter((file) => file.endsWith('.css'))
      .flatMap((file) =>
        foreign(read(file), STYLE_RESOURCE).map((url) => `${file} loads ${url} from another host`),
      ),
  ];
}

function foreign(text: string, pattern: RegExp): string[] {
  const found = [...text.matchAll(pattern)].map(([, first, second]) => first ?? second ?? '');
  return found.filter((url) => /^(https?:)?\/\//.test(url));
}

function anchorsOf(html: string): Set<string> {
  return new Set([...html.matchAll(/\s(?:id|name)="([^"]+)"/g)].map(([, id = '']) => unescapeHtml(id)));
}

/** The links of a page into the site. */
function linksOf(html: string): string[] {
  const found = [...html.matchAll(/<a\b[^>]*?\shref="([^"]*)"/g)].map(([, href = '']) => unescapeHtml(href));
  return found.filter((href) => !/^([a-z]+:|\/\/)/.test(href));
}

function resolve(page: string, link: string): [file: string, anchor: string] {
  const [path = '', anchor = ''] = link.split('#');
  if (path === '') return [page, anchor];
  const absolute = decodeURIComponent(
    path.startsWith('/') ? path.slice(1) : posix.join(posix.dirname(page), path),
  );
  return [absolute === '' || absolute.endsWith('/') ? `${absolute}index.html` : absolute, anchor];
}

function unescapeHtml(text: string): string {
  return text.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'");
}

import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { REPOSITORY } from '../lint/links.js';
import { addressOf } from './pages.js';

/**
 * Returns where a link of a page leads in the site. Pages of the repository are pages of the site; its other files and
 * folders stand in the repository.
 *
 * @param root The folder of the repository.
 * @param page The page's file, relative to `root`.
 */
export function siteLink(root: string, page: string, target: string): string {
  const isOwn = target.startsWith(REPOSITORY);
  if (/^[#/]/.test(target) || (/^[a-z]+:/.test(target) && !isOwn)) return target;
  const [path = '', anchor] = (isOwn ? target.slice(REPOSITORY.length) : target).split('#');
  const hash = anchor === undefined ? '' : `#${anchor}`;
  const file = (isOwn ? path : posix.join(posix.dirname(page), path)).replace(/\/$/, '');
  const readme = posix.join(file, 'README.md');
  const address = addressOf(existsSync(join(root, readme)) ? readme : file);
  return address === undefined ? `${REPOSITORY}${file}${hash}` : `/${address}${hash}`;
}

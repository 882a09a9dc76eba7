import { ADDRESS } from '../metadata.js';
import type { Violation } from './source.js';

/**
 * The files of the repository, on the web. Packed pages link to other files of the repository
 * by this address, because these are not in their tarballs.
 */
export const REPOSITORY = `${ADDRESS}/blob/main/`;

/** What a page's links are compared with. */
export interface Tree {
  /** Whether the repository has a file or folder of this path. */
  exists(path: string): boolean;
  /** The text of a page. */
  read(path: string): string;
  /** The folder of the package that packs the page; undefined for a page that is not packed. */
  packedIn(page: string): string | undefined;
}

/** Links of a page to files, or to headings, that do not exist, and links of a packed page out of its tarball. */
export function links(path: string, page: string, tree: Tree): Violation[] {
  const prose = page.replaceAll(/^```[\s\S]*?^```$/gm, (code) => code.replaceAll(/[^\n]/g, ' '));
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(({ 1: target = '', index }) => {
    const message = faultOf(path, page, target, tree);
    return message === undefined ? [] : [{ path, line: prose.slice(0, index).split('\n').length, message }];
  });
}

function faultOf(path: string, page: string, target: string, tree: Tree): string | undefined {
  const home = tree.packedIn(path);
  const isRemote = target.startsWith(REPOSITORY);
  if (/^[a-z]+:/.test(target) && !isRemote) return undefined;
  const [file = '', anchor] = (isRemote ? target.slice(REPOSITORY.length) : target).split('#');
  const folder = path.split('/').slice(0, -1);
  const linked = file === '' ? path : isRemote ? file : resolve(folder, file);
  if (!tree.exists(linked)) return `${target} names nothing that exists`;
  if (home !== undefined && !isRemote && file !== '' && !linked.startsWith(`${home}/src/`)) {
    return `${target} is not in the tarball of ${home}: link to ${REPOSITORY}${linked}`;
  }
  if (anchor === undefined) return undefined;
  const headings = anchorsOf(linked === path ? page : tree.read(linked));
  return headings.includes(anchor) ? undefined : `${linked} has no heading #${anchor}`;
}

function resolve(folder: readonly string[], file: string): string {
  const parts = [...folder];
  for (const part of file.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

/** The anchors of a page's headings, as code hosting sites derive them. */
export function anchorsOf(page: string): string[] {
  return [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));
}

/** The anchor of a heading. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
}

import { a7600, type Command, createDecoder, type LinkState } from '@a7600/at-codec';
import { defer, type Observable, Subject } from 'rxjs';
import { virtualTime } from '../../testing/test/virtual-time.js';
import type { Lane } from '../src/lane/lane.js';
import { Router } from '../src/lane/router.js';
import type { LinkHandler, LinkInfo } from '../src/links/link-handler.js';
import { LinkTable } from '../src/links/link-table.js';
import { bytesOf } from './world.js';

/** A handler that notes what happens to its link. */
export function notingHandler(
  link: number,
  notes: string[],
  name = `${link}`,
  info: Partial<LinkInfo> = {},
): LinkHandler {
  return {
    info: { link, kind: 'tcp', state: 'open', remote: undefined, server: undefined, ...info },
    closedByModule: (reason) => notes.push(`${name} closed ${reason}`),
    lost: () => notes.push(`${name} lost`),
    replacedBy: () => notes.push(`${name} replaced`),
  };
}

/** What the module lists of a link that is open. */
export const openState = (link: number): LinkState => ({
  link,
  type: 'TCP',
  host: '1.2.3.4',
  port: 5,
  server: undefined,
});

/** A lane that is the test: it sees each command, and answers the last one, or the last one with a certain text. */
export function laneOfTest() {
  const asked: string[] = [];
  const asking = new Map<string, Subject<unknown>>();
  let answers = new Subject<unknown>();
  const run = <R>({ text }: Command<R>): Observable<R> =>
    defer(() => {
      asked.push(text);
      answers = new Subject();
      asking.set(text, answers);
      return answers as Subject<R>;
    });
  const askedFor = (text: string | undefined) => (text === undefined ? answers : asking.get(text));
  const answer = (value?: unknown, text?: string) => {
    const waiting = askedFor(text);
    waiting?.next(value);
    waiting?.complete();
  };
  const refuse = (error: unknown, text?: string) => askedFor(text)?.error(error);
  return { run, asked, answer, refuse };
}

/** A table whose lane is the test. */
export function tableRig() {
  const { run, asked, answer, refuse } = laneOfTest();
  const { scheduler, advance } = virtualTime();
  const router = new Router();
  const abandoned: Error[] = [];
  const lane = { run, abandonOutcomes: (error: Error) => abandoned.push(error) } as Partial<Lane> as Lane;
  const table = new LinkTable(lane, router, scheduler);
  const notes: string[] = [];
  /** Routes everything that the module prints. */
  const decoder = createDecoder(a7600, (event) => router.route(event));
  const print = (text: string) => decoder.push(bytesOf(text));
  return { scheduler, lane, table, router, decoder, asked, notes, abandoned, answer, refuse, advance, print };
}

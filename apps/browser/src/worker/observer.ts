import { classifier, Links, type Step } from '@a7600/diagnostics/capture';
import { registrationWords } from '@a7600/diagnostics/dialogue';
import type { EntryKind } from '@a7600/diagnostics/terminal';
import type { Entry, Facts, LinkFacts } from '../protocol.js';

const FREE: LinkFacts = { state: 'free', sent: 0, received: 0 };
const NOT_REACHED = { port: false, module: false, sim: false, registration: false, network: false };

/** What is known before anything was said. */
export const NO_FACTS: Facts = {
  reached: NOT_REACHED,
  identity: {},
  sim: undefined,
  registration: undefined,
  operator: undefined,
  address: undefined,
  rssi: undefined,
  links: Array<LinkFacts>(10).fill(FREE),
  servers: [],
};

/** What ends an answer (V.250, 5.7; TS 27.007, 9.2; application note). */
const SUCCESS = /^(?:OK|CONNECT(?: .*)?)$/;
const FAILURE = /^(?:ERROR|NO CARRIER|\+CM[ES] ERROR: .*|\+IP ERROR: .*)$/;
/** Lines of a module that has just started. */
const STARTED = /^(?:\*ATREADY: \d|RDY)$/;
/** `<stat>` with which data can be used. */
const REGISTERED = [1, 5, 6, 7, 11];
/** Lines of `ATI` (protocol of identification). */
const IDENTITY = {
  Manufacturer: 'manufacturer',
  Model: 'model',
  Revision: 'revision',
  IMEI: 'imei',
} as const;

/**
 * Reads the dialogue with a module as it passes: what each entry is, and what it says about the module. It knows
 * only what passes on the line, so that it reads a recording as it reads a module.
 */
export class Observer {
  facts: Facts = NO_FACTS;
  private classify = classifier();
  private links = new Links();
  private count = 0;
  /** Links that the module has reported as closed; what is still read from them does not open them. */
  private readonly ended = new Set<number>();
  /** The command that is being answered. */
  private asked: string | undefined;
  private readonly onFacts: () => void;

  /** `onFacts` is called when the facts have changed. */
  constructor(onFacts: () => void) {
    this.onFacts = onFacts;
  }

  /** The port was opened: whatever was under way on the last one is over. */
  opened(): void {
    this.classify = classifier();
    this.links = new Links();
    this.asked = undefined;
    this.change({
      links: NO_FACTS.links,
      servers: [],
      address: undefined,
      reached: { ...NOT_REACHED, port: true },
    });
  }

  /** The port is closed. */
  closed(): void {
    this.change({ links: NO_FACTS.links, servers: [], address: undefined, reached: NOT_REACHED });
  }

  /** The next entry of the dialogue. */
  read(at: number, way: 'sent' | 'received', text: string): Entry {
    const step = this.classify({ way, text });
    this.follow(step);
    const id = this.count++;
    const { asked } = this;
    const kind = this.kindOf(step);
    const isAnswer = kind === 'answer' || kind === 'result' || kind === 'error';
    return { id, at, way, text, kind, ...(isAnswer && { command: asked }) };
  }

  private kindOf(step: Step): EntryKind {
    if (step.kind === 'payload') return 'payload';
    const text = step.text.trim();
    if (step.kind !== 'line') {
      this.asked = text === '' ? this.asked : text;
      this.command(text);
      return 'command';
    }
    if (text === '') return 'blank';
    if (text === '>') return 'prompt';
    const { asked } = this;
    if (asked !== undefined && text === asked) return 'echo';
    this.line(text, asked);
    if (FAILURE.test(text) || (asked !== undefined && SUCCESS.test(text))) {
      this.asked = undefined;
      return SUCCESS.test(text) ? 'result' : 'error';
    }
    const [, name] = /^([+*^$]\w+)/.exec(text) ?? [];
    const isAnswer = asked !== undefined && (name === undefined || asked.toUpperCase().includes(name));
    return isAnswer ? 'answer' : 'notification';
  }

  private command(text: string): void {
    const [, link, kind, host, port] = /^AT\+CIPOPEN=(\d),"(TCP|UDP)"(?:,"([^"]*)",(\d+))?/i.exec(text) ?? [];
    if (link !== undefined && kind !== undefined) {
      this.ended.delete(Number(link));
      const peer = host === undefined ? undefined : `${host}:${port}`;
      this.setLink(Number(link), { state: 'opening', kind, peer, sent: 0, received: 0 });
    }
    const [, server] = /^AT\+SERVERSTART=(\d+),/i.exec(text) ?? [];
    if (server !== undefined) {
      this.change({ servers: [...new Set([...this.facts.servers, Number(server)])] });
    }
    if (/^AT\+SERVERSTOP/i.test(text)) this.change({ servers: [] });
  }

  private line(text: string, asked: string | undefined): void {
    const { facts } = this;
    if (STARTED.test(text)) {
      this.change({
        reached: { ...NOT_REACHED, port: true, module: true },
        registration: undefined,
        address: undefined,
        links: NO_FACTS.links,
        servers: [],
      });
      return;
    }
    if (!facts.reached.module) this.reach({ module: true });
    const [, name = '', rest = ''] = /^\+?([\w ]+): ?(.*)$/.exec(text) ?? [];
    const numbers = rest.split(',').map(Number);
    switch (name) {
      case 'CPIN':
        this.change({ sim: rest });
        this.reach({ sim: rest === 'READY' });
        break;
      case 'CREG':
      case 'CGREG':
      case 'CEREG':
        this.register(asked?.includes('?') === true && numbers.length > 1 ? numbers[1] : numbers[0]);
        break;
      case 'CSQ':
        this.change({ rssi: numbers[0] });
        break;
      case 'COPS':
        this.change({ operator: /"([^"]*)"/.exec(rest)?.[1] });
        break;
      case 'IPADDR':
        this.change({ address: rest });
        this.reach({ network: true });
        break;
      case 'NETOPEN':
        this.reach({ network: asked?.includes('?') ? numbers[0] === 1 : numbers[0] === 0 });
        break;
      case 'NETCLOSE':
      case 'CIPEVENT':
        if (name === 'CIPEVENT' || numbers[0] === 0) this.networkGone();
        break;
      case 'CLIENT':
        this.accepted(rest);
        break;
      case 'IPCLOSE':
        this.ended.add(numbers[0] ?? 0);
        this.setLink(numbers[0] ?? 0, FREE);
        break;
      case 'CIPOPEN':
        if (numbers.length === 2 && numbers[1] !== 0) this.setLink(numbers[0] ?? 0, FREE);
        break;
      case 'CME ERROR':
        if (asked?.includes('+CPIN?')) {
          this.change({ sim: rest });
          this.reach({ sim: false });
        }
        break;
      default:
        this.identify(name, rest);
    }
  }

  private register(stat = 0): void {
    this.change({ registration: registrationWords(stat) });
    this.reach({ registration: REGISTERED.includes(stat) });
  }

  private identify(name: string, value: string): void {
    if (!(name in IDENTITY)) return;
    const key = IDENTITY[name as keyof typeof IDENTITY];
    this.change({ identity: { ...this.facts.identity, [key]: value } });
  }

  private accepted(rest: string): void {
    const [, link, peer] = /^(\d),\d,"?([^"]+?)"?$/.exec(rest) ?? [];
    if (link === undefined) return;
    this.ended.delete(Number(link));
    this.setLink(Number(link), { state: 'open', kind: 'TCP', peer, sent: 0, received: 0 });
  }

  private networkGone(): void {
    this.change({ links: NO_FACTS.links, servers: [], address: undefined });
    this.reach({ network: false });
  }

  /** Counts what the links carry. */
  private follow(step: Step): void {
    for (const { link, event, direction, size } of this.links.follow(step)) {
      const before = this.facts.links[link] ?? FREE;
      if (this.ended.has(link)) continue;
      if (event === 'close') this.setLink(link, FREE);
      else if (event === 'open' && before.state !== 'open') this.setLink(link, { ...before, state: 'open' });
      else if (event === 'data') {
        this.setLink(link, { ...before, state: 'open', [direction]: before[direction] + size });
      }
    }
  }

  private setLink(link: number, facts: LinkFacts): void {
    this.change({ links: this.facts.links.map((each, index) => (index === link ? facts : each)) });
  }

  private reach(stations: Partial<Facts['reached']>): void {
    this.change({ reached: { ...this.facts.reached, ...stations } });
  }

  private change(facts: Partial<Facts>): void {
    this.facts = { ...this.facts, ...facts };
    this.onFacts();
  }
}

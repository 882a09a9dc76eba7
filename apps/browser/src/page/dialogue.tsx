import type { EntryKind } from '@a7600/diagnostics/terminal';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Entry, Format } from '../protocol.js';
import type { Client, View } from './client.js';
import { Explanation } from './explanation.js';
import { shownText } from './payload.js';
import { seconds } from './units.js';

/** Height of a row in px; the style sheet has the same. */
const ROW = 22;
/** Rows above and below the visible ones. */
const MARGIN = 10;

/** What can be left out. */
const GROUPS: Readonly<Record<string, readonly EntryKind[]>> = {
  Commands: ['command', 'echo', 'prompt'],
  Answers: ['answer', 'result', 'error'],
  Notifications: ['notification'],
  Payload: ['payload'],
};
const FORMATS: Readonly<Record<Format, string>> = {
  recording: 'Recording, without secrets and payload',
  'full recording': 'Recording, everything',
  capture: 'pcapng for Wireshark',
};

/** The wire as it is: both directions, each entry explained. */
export function Dialogue({ client, view }: { readonly client: Client; readonly view: View }) {
  const [search, setSearch] = useState('');
  const [hidden, setHidden] = useState<readonly string[]>([]);
  const [isHex, setHex] = useState(false);
  const [paused, setPaused] = useState<readonly Entry[]>();
  const [format, setFormat] = useState<Format>('recording');
  const all = paused ?? view.entries;
  const entries = useMemo(() => filtered(all, hidden, search), [all, hidden, search]);
  const toggle = (group: string) =>
    setHidden(hidden.includes(group) ? hidden.filter((each) => each !== group) : [...hidden, group]);
  return (
    <div class="dialogue">
      <div class="row">
        <input
          type="search"
          aria-label="Filter the dialogue"
          placeholder="Filter"
          value={search}
          onInput={({ currentTarget }) => setSearch(currentTarget.value)}
        />
        {Object.keys(GROUPS).map((group) => (
          <label key={group}>
            <input type="checkbox" checked={!hidden.includes(group)} onChange={() => toggle(group)} /> {group}
          </label>
        ))}
        <label>
          <input type="checkbox" checked={isHex} onChange={() => setHex(!isHex)} /> Hex
        </label>
        <button
          type="button"
          aria-pressed={paused !== undefined}
          onClick={() => setPaused(paused === undefined ? view.entries : undefined)}
        >
          Pause
        </button>
      </div>
      <Rows entries={entries} isHex={isHex} />
      <div class="row">
        <select
          aria-label="Format to save"
          value={format}
          onChange={({ currentTarget }) => setFormat(currentTarget.value as Format)}
        >
          {Object.entries(FORMATS).map(([each, text]) => (
            <option key={each} value={each}>
              {text}
            </option>
          ))}
        </select>
        <button type="button" onClick={() => client.send({ kind: 'save', format })}>
          Save
        </button>
        <span class="quiet">
          {(view.state?.journal.discarded ?? 0) > 0 && 'The oldest entries were discarded to save memory.'}
        </span>
      </div>
    </div>
  );
}

function filtered(entries: readonly Entry[], hidden: readonly string[], search: string): readonly Entry[] {
  const kinds = hidden.flatMap((group) => GROUPS[group] ?? []);
  const wanted = search.toLowerCase();
  if (kinds.length === 0 && wanted === '') return entries;
  return entries.filter(
    ({ kind, text }) => !kinds.includes(kind) && (wanted === '' || text.toLowerCase().includes(wanted)),
  );
}

/** The list, of which only the visible rows exist. It stays at its end unless it was scrolled up. */
function Rows({ entries, isHex }: { readonly entries: readonly Entry[]; readonly isHex: boolean }) {
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [active, setActive] = useState<Entry>();
  const isAtEnd = useRef(true);
  const follow = () => {
    const { current } = box;
    if (current === null || current.clientHeight === 0) return;
    if (isAtEnd.current) current.scrollTop = current.scrollHeight;
    setTop(current.scrollTop);
  };
  useEffect(follow, [entries]);
  useEffect(() => {
    const observer = new ResizeObserver(follow);
    if (box.current !== null) observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  const onScroll = ({ currentTarget }: { currentTarget: HTMLDivElement }) => {
    const { scrollTop, clientHeight, scrollHeight } = currentTarget;
    // A list that is hidden behind another tab has not been scrolled.
    if (clientHeight === 0) return;
    isAtEnd.current = scrollTop + clientHeight > scrollHeight - ROW;
    setTop(scrollTop);
  };
  const activate = (index: number) => {
    const entry = entries[Math.max(0, Math.min(entries.length - 1, index))];
    const { current } = box;
    if (entry === undefined || current === null) return;
    setActive(entry);
    const at = entries.indexOf(entry) * ROW;
    if (at < current.scrollTop) current.scrollTop = at;
    else if (at + ROW > current.scrollTop + current.clientHeight)
      current.scrollTop = at + ROW - current.clientHeight;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const index = active === undefined ? entries.length : entries.indexOf(active);
    const page = Math.floor((box.current?.clientHeight ?? 0) / ROW);
    const target = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      PageDown: index + page,
      PageUp: index - page,
      Home: 0,
      End: entries.length - 1,
    }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    activate(target);
  };
  const first = Math.max(0, Math.floor(top / ROW) - MARGIN);
  const visible = entries.slice(
    first,
    first + Math.ceil((box.current?.clientHeight ?? 400) / ROW) + 2 * MARGIN,
  );
  return (
    <>
      <div
        class="rows"
        ref={box}
        role="listbox"
        aria-label="Dialogue with the module"
        tabIndex={0}
        aria-activedescendant={active && visible.includes(active) ? `entry-${active.id}` : undefined}
        onScroll={onScroll}
        onKeyDown={onKeyDown}
      >
        <div role="presentation" style={{ height: `${entries.length * ROW}px` }}>
          <div role="presentation" style={{ transform: `translateY(${first * ROW}px)` }}>
            {visible.map((entry, index) => (
              <div
                key={entry.id}
                id={`entry-${entry.id}`}
                role="option"
                tabIndex={-1}
                aria-selected={entry === active}
                aria-setsize={entries.length}
                aria-posinset={first + index + 1}
                class={`entry ${entry.kind} ${entry.way}`}
                onMouseEnter={() => setActive(entry)}
              >
                <span class="at">{seconds(entry.at)}</span>
                <span aria-hidden="true">{entry.way === 'sent' ? '→' : '←'}</span>
                <span class="text">{shownText(entry, isHex)}</span>
              </div>
            ))}
          </div>
        </div>
      </div>
      <Explanation entry={active} isHex={isHex} />
    </>
  );
}

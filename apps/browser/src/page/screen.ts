import { complete, type Shown } from '@a7600/diagnostics/terminal';
import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import type { PageState } from '../protocol.js';
import { completed, EMPTY_LINE, typeInto } from './line-editor.js';

/** A terminal on the page. */
export interface Screen {
  /** Shows what has come since it was called last. */
  show(shown: readonly Shown[], wants: PageState['terminal']): void;
  destroy(): void;
}

const PROMPTS = { command: 'AT> ', payload: 'payload> ', data: 'data> ' } as const;
/** Colours of what is shown (ECMA-48, select graphic rendition). */
const COLOURS: Readonly<Record<Shown['kind'], string>> = {
  answer: '0',
  meaning: '2',
  error: '31',
  other: '33',
  data: '32',
  sent: '36',
};
const BEFORE: Readonly<Partial<Record<Shown['kind'], string>>> = { meaning: '  ', error: '  ', other: '< ' };

/** Puts a terminal into an element. `enter` is called with each line that the person enters. */
export function screenIn(place: HTMLElement, enter: (line: string) => void): Screen {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const terminal = new Terminal({
    rows: 20,
    fontSize: 13,
    scrollback: 2_000,
    screenReaderMode: true,
    cursorBlink: false,
    theme: {
      background: colour('--card'),
      foreground: colour('--text'),
      cursor: colour('--text'),
      cursorAccent: colour('--card'),
      selectionBackground: colour('--line'),
      red: colour('--bad'),
      yellow: colour('--warn'),
      green: colour('--good'),
      cyan: colour('--sent'),
    },
  });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  terminal.open(place);
  const resized = new ResizeObserver(() => place.clientWidth > 0 && fit.fit());
  resized.observe(place);
  let line = EMPTY_LINE;
  let wants: PageState['terminal'] = 'command';
  let last: Shown | undefined;

  const prompt = () => {
    const back = line.text.length - line.cursor;
    terminal.write(`\r\x1b[K${PROMPTS[wants]}${line.text}${back > 0 ? `\x1b[${back}D` : ''}`);
  };
  const print = (text: string) => terminal.write(`\r\x1b[K${text.replaceAll('\n', '\r\n')}\r\n`);
  const suggest = () => {
    const [candidates] = complete(line.text);
    const before = line.text;
    line = completed(line, candidates);
    if (line.text === before && candidates.length > 1) print(candidates.slice(0, 60).join('  '));
  };
  // Escape leaves the terminal: Tab completes in it.
  terminal.attachCustomKeyEventHandler((event) => {
    if (event.key !== 'Escape') return true;
    terminal.blur();
    (document.querySelector('[role=tab][aria-selected=true]') as HTMLElement | null)?.focus();
    return false;
  });
  terminal.onData((input) => {
    // Pasted lines are entered one by one.
    for (const key of input.length > 1 && !input.startsWith('\x1b') ? input.split(/(\r)\n?/) : [input]) {
      if (key === '') continue;
      const effect = typeInto(line, key);
      line = effect.line;
      if (effect.completes) suggest();
      if (effect.entered !== undefined) {
        print(`${PROMPTS[wants]}${effect.entered}`);
        enter(effect.entered);
      }
    }
    prompt();
  });
  prompt();
  return {
    show(shown, wanted) {
      wants = wanted;
      const from = last === undefined ? 0 : shown.lastIndexOf(last) + 1;
      for (const { kind, text } of shown.slice(from)) {
        print(`\x1b[${COLOURS[kind]}m${BEFORE[kind] ?? ''}${text}\x1b[0m`);
      }
      last = shown.at(-1);
      prompt();
    },
    destroy() {
      resized.disconnect();
      terminal.dispose();
    },
  };
}

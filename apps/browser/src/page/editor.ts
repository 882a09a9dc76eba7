import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import { EditorView, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** An editor on the page. */
export interface Editor {
  text(): string;
  setText(text: string): void;
  destroy(): void;
}

/** In the colours of the page, light or dark. */
const COLOURS = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword], color: 'var(--bad)' },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: 'var(--good)' },
  { tag: [tags.number, tags.bool], color: 'var(--sent)' },
  { tag: tags.function(tags.variableName), color: 'var(--received)' },
  { tag: tags.comment, color: 'var(--quiet)' },
]);

/** Puts an editor for a program into an element. Tab leaves it, as everywhere on the page. */
export function editorIn(place: HTMLElement, text: string): Editor {
  const view = new EditorView({
    parent: place,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        history(),
        EditorView.lineWrapping,
        keymap.of([...defaultKeymap, ...historyKeymap]),
        javascript(),
        syntaxHighlighting(COLOURS),
        EditorView.contentAttributes.of({ 'aria-label': 'The program' }),
      ],
    }),
  });
  return {
    text: () => view.state.doc.toString(),
    setText: (changed) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: changed } }),
    destroy: () => view.destroy(),
  };
}

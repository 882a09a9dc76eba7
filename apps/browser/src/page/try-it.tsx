import { useEffect, useRef, useState } from 'preact/hooks';
import { examples } from '../programs/index.js';
import type { Client, View } from './client.js';
import type { Editor } from './editor.js';

/** Programs that run in the page, and can be changed. */
export function TryIt({ client, view }: { readonly client: Client; readonly view: View }) {
  const [name, choose] = useState(examples[0].name);
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor>();
  /** What the editor begins with when it has loaded. */
  const text = useRef(examples[0].text);
  const { state, printed } = view;
  const isRunning = state?.task === 'program';
  const hasPort = state !== undefined && state.source !== 'recording';
  useEffect(() => {
    let isGone = false;
    void import('./editor.js').then(({ editorIn }) => {
      if (!isGone && place.current !== null) editor.current = editorIn(place.current, text.current);
    });
    return () => {
      isGone = true;
      editor.current?.destroy();
    };
  }, []);
  const select = (wanted: string) => {
    choose(wanted);
    text.current = examples.find((each) => each.name === wanted)?.text ?? '';
    editor.current?.setText(text.current);
  };
  const run = () => {
    const program = editor.current?.text() ?? text.current;
    client.send({ kind: 'run', name, text: program, check: name === examples[0].name });
  };
  return (
    <div class="try">
      <div class="row">
        <label>
          Program{' '}
          <select value={name} onChange={({ currentTarget }) => select(currentTarget.value)}>
            {examples.map((each) => (
              <option key={each.name}>{each.name}</option>
            ))}
          </select>
        </label>
        <button type="button" onClick={run} disabled={!hasPort}>
          Run
        </button>
        <button type="button" onClick={() => client.send({ kind: 'stop' })} disabled={!isRunning}>
          Stop
        </button>
        <span class="quiet">
          {hasPort ? 'Change it and run it again.' : 'A recording has no port: choose a module above.'}
        </span>
      </div>
      <div class="editor" ref={place} />
      <h3>Output</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has only a keyboard scrolls it with the arrow keys */}
      <pre class="output" role="log" aria-label="Output of the program" tabIndex={0}>
        {printed.join('\n')}
        {state?.program?.error !== undefined && `\n${state.program.error}`}
      </pre>
    </div>
  );
}

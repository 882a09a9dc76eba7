import { useEffect, useRef } from 'preact/hooks';
import type { Client, View } from './client.js';
import type { Screen } from './screen.js';

/** A terminal for AT commands. The library comes when it is opened. */
export function Terminal({ client, view }: { readonly client: Client; readonly view: View }) {
  const place = useRef<HTMLDivElement>(null);
  const screen = useRef<Screen>();
  const { state, shown } = view;
  const latest = useRef(view);
  latest.current = view;
  useEffect(() => {
    let isGone = false;
    void import('./screen.js').then(({ screenIn }) => {
      if (isGone || place.current === null) return;
      screen.current = screenIn(place.current, (line) => client.send({ kind: 'type', line }));
      screen.current.show(latest.current.shown, latest.current.state?.terminal ?? 'command');
    });
    return () => {
      isGone = true;
      screen.current?.destroy();
    };
  }, [client]);
  useEffect(() => screen.current?.show(shown, state?.terminal ?? 'command'), [shown, state?.terminal]);
  const words =
    state?.source === 'recording'
      ? 'A recording answers nothing: choose a module above.'
      : state?.task === 'program'
        ? 'Commands wait for their turn beside those of the program.'
        : 'The first command opens the port.';
  return (
    <div>
      <p class="quiet">
        {words} Tab completes, <code>help AT+CSQ</code> explains, Escape leaves the terminal.
      </p>
      <div class="screen" ref={place} />
    </div>
  );
}

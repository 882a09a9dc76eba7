import { useEffect, useState } from 'preact/hooks';
import { examples, watcher } from '../programs/index.js';
import type { Source } from '../protocol.js';
import type { Client } from './client.js';
import { Dashboard } from './dashboard.js';
import { Dialogue } from './dialogue.js';
import { Doctor } from './doctor.js';
import { Faults } from './faults.js';
import { recordingOfAddress } from './recordings.js';
import { Start } from './start.js';
import { Tabs } from './tabs.js';
import { Terminal } from './terminal.js';
import { TryIt } from './try-it.js';
import { useView } from './use-view.js';

const FIRST: Source = { kind: 'emulated', profile: 'a76xx', line: 'fast', network: 'near' };

/** The whole page. */
export function App({ client }: { readonly client: Client }) {
  const view = useView(client);
  const { state } = view;
  const [problem, setProblem] = useState<string>();

  const open = (source: Source) => {
    setProblem(undefined);
    client.send({ kind: 'open', source });
    const [server] = examples;
    if (source.kind === 'emulated') client.send({ kind: 'run', ...server, check: true });
    // What a real module costs or is used for is not known: the page only looks.
    if (source.kind === 'serial') client.send({ kind: 'run', ...watcher, check: false });
  };
  useEffect(() => {
    recordingOfAddress().then(
      (recording) => open(recording ?? FIRST),
      (error: Error) => {
        open(FIRST);
        setProblem(error.message);
      },
    );
  }, []);

  return (
    <>
      <header>
        <h1>A7600 playground</h1>
        <p>
          A modem in the browser: emulated, your own, or a recording.{' '}
          <a href="../guides/browser.html">Guide</a>
        </p>
        <Start state={state} open={open} />
      </header>
      <main>
        {view.isStuck && (
          <p class="banner bad" role="alert">
            The program does not return control, so the module waits, too.{' '}
            <button
              type="button"
              onClick={() => {
                client.restart();
                open(FIRST);
              }}
            >
              Start over
            </button>
          </p>
        )}
        {problem !== undefined && (
          <p class="banner bad" role="alert">
            {problem}
          </p>
        )}
        {state?.error && (
          <p class="banner bad" role="alert">
            {state.error.message} {state.error.advice}
          </p>
        )}
        <div class="columns">
          <div>
            <Dashboard client={client} view={view} />
            {state?.source === 'emulated' && <Faults client={client} state={state} />}
          </div>
          <Tabs
            tabs={[
              { name: 'Dialogue', content: <Dialogue client={client} view={view} /> },
              { name: 'Try it', content: <TryIt client={client} view={view} /> },
              { name: 'Terminal', content: <Terminal client={client} view={view} /> },
              { name: 'Doctor', content: <Doctor client={client} view={view} /> },
            ]}
          />
        </div>
      </main>
    </>
  );
}

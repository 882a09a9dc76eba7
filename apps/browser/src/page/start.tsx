import { useEffect, useRef, useState } from 'preact/hooks';
import { type Emulated, lines, networks, type PageState, profiles, type Source } from '../protocol.js';
import { PortHelp } from './port-help.js';
import { recordingOfFile } from './recordings.js';
import { chooseSerialPort } from './serial-port.js';

const KINDS = { emulated: 'Emulated', serial: 'My modem', recording: 'A recording' } as const;
type Kind = keyof typeof KINDS;

interface Props {
  readonly state: PageState | undefined;
  readonly open: (source: Source) => void;
}

/** What the page looks at: an emulated module, a real one, a recording. */
export function Start({ state, open }: Props) {
  const [kind, choose] = useState<Kind>('emulated');
  const source = state?.source;
  useEffect(() => {
    // It was dropped, or the address names it.
    if (source === 'recording') choose(source);
  }, [source]);
  useDroppedFiles((file) => recordingOfFile(file).then(open));
  return (
    <section class="start" aria-label="What the page looks at">
      <fieldset class="choice">
        <legend class="hidden">Source</legend>
        {(Object.keys(KINDS) as Kind[]).map((each) => (
          <label key={each}>
            <input
              type="radio"
              name="source"
              value={each}
              checked={kind === each}
              onChange={() => choose(each)}
            />
            <span>{KINDS[each]}</span>
          </label>
        ))}
      </fieldset>
      {kind === 'emulated' && <EmulatedChoice open={open} />}
      {kind === 'serial' && <SerialChoice open={open} />}
      {kind === 'recording' && <RecordingChoice open={open} />}
    </section>
  );
}

/** A file that is dropped anywhere on the page. */
function useDroppedFiles(onFile: (file: File) => void): void {
  const latest = useRef(onFile);
  latest.current = onFile;
  useEffect(() => {
    const over = (event: DragEvent) => event.preventDefault();
    const drop = (event: DragEvent) => {
      event.preventDefault();
      const file = event.dataTransfer?.files[0];
      if (file !== undefined) latest.current(file);
    };
    addEventListener('dragover', over);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragover', over);
      removeEventListener('drop', drop);
    };
  }, []);
}

function EmulatedChoice({ open }: Pick<Props, 'open'>) {
  const [chosen, choose] = useState<Emulated>({
    kind: 'emulated',
    profile: 'a76xx',
    line: 'fast',
    network: 'near',
  });
  const select = (
    label: string,
    key: 'profile' | 'line' | 'network',
    options: Readonly<Record<string, string>>,
  ) => (
    <label>
      {label}{' '}
      <select
        value={chosen[key]}
        onChange={({ currentTarget }) => choose({ ...chosen, [key]: currentTarget.value } as Emulated)}
      >
        {Object.entries(options).map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <div class="row">
      {select('Firmware', 'profile', profiles)}
      {select('Line', 'line', lines)}
      {select('Network', 'network', networks)}
      <button type="button" onClick={() => open(chosen)}>
        Switch on again
      </button>
    </div>
  );
}

const RATES = [9_600, 57_600, 115_200, 230_400, 460_800, 921_600];

function SerialChoice({ open }: Pick<Props, 'open'>) {
  const [baudRate, setRate] = useState(115_200);
  const [problem, setProblem] = useState<string>();
  const [showsAll, setShowsAll] = useState(false);
  const choose = () =>
    chooseSerialPort(showsAll).then(
      (port) => {
        setProblem(undefined);
        open({ kind: 'serial', port, baudRate });
      },
      (error: Error) => setProblem(error.message),
    );
  return (
    <div>
      <div class="row">
        <label>
          Baud rate{' '}
          <select value={baudRate} onChange={({ currentTarget }) => setRate(Number(currentTarget.value))}>
            {RATES.map((rate) => (
              <option key={rate} value={rate}>
                {rate.toLocaleString('en')}
              </option>
            ))}
          </select>
        </label>
        <label>
          <input type="checkbox" checked={showsAll} onChange={() => setShowsAll(!showsAll)} /> every serial
          port, not only SIMCom's
        </label>
        <button type="button" onClick={choose}>
          Choose the port
        </button>
      </div>
      {problem !== undefined && (
        <p class="banner bad" role="alert">
          {problem}
        </p>
      )}
      <PortHelp />
    </div>
  );
}

function RecordingChoice({ open }: Pick<Props, 'open'>) {
  return (
    <div class="row">
      <label>
        Choose a file, or drop one anywhere on the page{' '}
        <input
          type="file"
          accept=".jsonl,.txt,.json"
          onChange={({ currentTarget }) => {
            const file = currentTarget.files?.[0];
            if (file !== undefined) recordingOfFile(file).then(open);
          }}
        />
      </label>
      <span class="quiet">
        The program writes them: <code>a7600 record</code>, <code>a7600 doctor --bundle</code>. The file stays
        on this computer.
      </span>
    </div>
  );
}

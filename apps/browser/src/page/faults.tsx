import type { Fault, PageState } from '../protocol.js';
import type { Client } from './client.js';

interface Props {
  readonly client: Client;
  readonly state: PageState;
}

/** Makes something go wrong, to see what the program does about it. */
export function Faults({ client, state: { faults, fault } }: Props) {
  const cause = (what: Fault, text: string, isOn?: boolean) => (
    <button
      type="button"
      {...(isOn !== undefined && { 'aria-pressed': isOn })}
      onClick={() => client.send({ kind: 'fault', fault: what })}
    >
      {text}
    </button>
  );
  return (
    <section class="card">
      <h2>What may go wrong</h2>
      <div class="row">
        {cause('bearer', 'Lose the bearer')}
        {cause('restart', 'Restart the module')}
        {cause('unplug', 'Unplug for 3 s', faults.unplugged)}
        {cause('antenna', 'Antenna off', faults.antenna)}
        {cause('bytes', 'Drop bytes', faults.bytes)}
      </div>
      <p class="quiet" role="status">
        {fault ?? 'Press one, and watch what the program does about it.'}
      </p>
    </section>
  );
}

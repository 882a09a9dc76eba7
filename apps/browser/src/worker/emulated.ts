import { a76xx, type Emulator, emulator, note100, recorded, sim7600, type Timing } from '@a7600/testing';
import type { Subscription } from 'rxjs';
import type { Emulated, Fault, PageState } from '../protocol.js';
import { internet } from './internet.js';

/** An emulated module with its internet. */
export interface EmulatedModule {
  readonly port: Emulator;
  readonly network: ReturnType<typeof internet>['network'];
  readonly services: Subscription;
}

const PROFILES = { a76xx, sim7600, note100 };

/** The times of real modules, but for the start, which takes them 15 s. */
const BRISK: Timing = { ...recorded, silence: 600, startLines: 0.1, registration: 800, shutdown: 300 };

/** Makes an emulated module, which is switched on when its port is opened. */
export function emulatedModule({ profile, line, network: conditions }: Emulated): EmulatedModule {
  const { network, services } = internet(conditions);
  const baudRate = line === 'fast' ? undefined : Number(line);
  const port = emulator({
    network,
    profile: PROFILES[profile],
    timing: BRISK,
    start: 'starting',
    whenClosed: 'goes on',
    ...(baudRate !== undefined && { baudRate, uart: { baudRate, rtscts: true } }),
  });
  return { port, network, services };
}

/** Share of the bytes that get lost while bytes are dropped. */
const DROPPED = 0.01;
/** Times in ms: how long the bearer is away, and the port. */
const BEARER_AWAY = 3_000;
const UNPLUGGED = 3_000;

/** Makes something go wrong, or ends it where it lasts. Returns what happened, in words, and what lasts now. */
export function cause(
  fault: Fault,
  { control }: Emulator,
  lasting: PageState['faults'],
  onChange: (lasting: Partial<PageState['faults']>) => void,
): string {
  switch (fault) {
    case 'bearer':
      control.loseBearer(BEARER_AWAY);
      return 'The network closed the connection, and gives no new one for three seconds.';
    case 'restart':
      control.restart();
      return 'The module restarts.';
    case 'bytes':
      control.faults.setRate('droppedByte', lasting.bytes ? 0 : DROPPED);
      onChange({ bytes: !lasting.bytes });
      return lasting.bytes
        ? 'The line carries every byte again.'
        : 'The line loses one byte in a hundred on the way from the module.';
    case 'antenna':
      return antenna(control, lasting.antenna, onChange);
    case 'unplug':
      control.losePort();
      onChange({ unplugged: true });
      setTimeout(() => {
        control.plug();
        onChange({ unplugged: false });
      }, UNPLUGGED);
      return 'The cable is out for three seconds; the module goes on.';
  }
}

const SIGNAL = 23;
const NONE = 99;

function antenna(
  { surroundings, loseBearer }: Emulator['control'],
  isOff: boolean,
  onChange: (lasting: Partial<PageState['faults']>) => void,
): string {
  onChange({ antenna: !isOff });
  surroundings.rssi = isOff ? SIGNAL : NONE;
  surroundings.registration = isOff ? 1 : 2;
  surroundings.bearer = isOff;
  if (isOff) return 'The antenna is on again.';
  loseBearer(0);
  return 'The antenna is off: the module receives no network.';
}

import type { ModemState } from '@a7600/tcpip';

/** What a step waits for, for a person. */
const STEPS: Partial<Record<ModemState['step'], string>> = {
  'waiting for SIM': 'Waiting for the SIM',
  'waiting for registration': 'Waiting for the mobile network',
};

/**
 * Says what a module that is not ready waits for, which may take a minute and a half: each reason once.
 *
 * @param tell prints a message
 * @returns is called with each step of the module, as `onState` of the SDK is
 */
export function tellingWaits(tell: (line: string) => void): (state: ModemState) => void {
  const told = new Set<string>();
  return ({ step, reason }) => {
    if (step === 'ready') told.clear();
    const what = STEPS[step];
    if (what === undefined || reason === undefined || told.has(reason)) return;
    told.add(reason);
    tell(`${what}: ${reason.replace(/\.?$/, '.')}`);
  };
}

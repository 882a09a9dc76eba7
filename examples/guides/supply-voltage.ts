import { type Command, command, plainLine } from '@a7600/at-codec';

/** `AT+CBC`: the supply voltage in V. The module answers `+CBC: 3.812V`, then `OK`. */
export const supplyVoltage = (): Command<number> =>
  command(plainLine('AT+CBC'), {
    claims: (line) => line.name === '+CBC',
    read: ({ line }) => Number.parseFloat(line.text.replace('+CBC: ', '')),
  });

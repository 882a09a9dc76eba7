import { type Behaviour, cmeError, ok } from '@a7600/testing';

/** `AT+CBC`: the supply voltage; `AT+CBC=<volts>` lets it be another one. */
export function battery(volts: number): Behaviour {
  let supply = volts;
  return {
    command: '+CBC',
    execute: () => ok(`+CBC: ${supply.toFixed(3)}V`),
    write({ values: [given] }, module) {
      const wanted = Number(given);
      if (!(wanted > 0 && wanted < 5)) return cmeError(50);
      supply = wanted;
      if (supply < 3.4) module.report('UNDER-VOLTAGE WARNING');
      return ok();
    },
  };
}

import { library } from '../../tools/typedoc.mjs';

export default {
  ...library(import.meta.dirname),
  // The table that `FaultKind` is derived from, and the parts of the emulated module that a behaviour reaches through `Module`: they may change in any release.
  intentionallyNotExported: [
    'Clock',
    'DataMode',
    'Delivery',
    'FAULTS',
    'Multiplexing',
    'Faults',
    'Port',
    'Radio',
    'Sim',
    'Sockets',
    'Stored',
  ],
};

import { library } from '../../tools/typedoc.mjs';

export default {
  ...library(import.meta.dirname),
  // What all messages of `DiagnosticsMessages` have in common.
  intentionallyNotExported: ['Named'],
};

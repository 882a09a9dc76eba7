import { library } from '../../tools/typedoc.mjs';

export default {
  ...library(import.meta.dirname),
};

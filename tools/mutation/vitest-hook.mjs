// Has the tests import the stand-in instead of vitest: `node --import`.
import { register } from 'node:module';

const STAND_IN = new URL('./stand-in.ts', import.meta.url).href;
const hook = `export function resolve(name, context, next) {
  return name === 'vitest' ? { url: ${JSON.stringify(STAND_IN)}, shortCircuit: true } : next(name, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);

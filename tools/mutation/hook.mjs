// Has the tests import the stand-ins instead of vitest and fast-check: `node --import`.
import { register } from 'node:module';

const standIns = {
  vitest: new URL('./stand-in.ts', import.meta.url).href,
  'fast-check': new URL('./few-runs.ts', import.meta.url).href,
};
const hook = `const standIns = ${JSON.stringify(standIns)};
export function resolve(name, context, next) {
  const url = Object.hasOwn(standIns, name) ? standIns[name] : name;
  return next(url === context.parentURL ? name : url, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);

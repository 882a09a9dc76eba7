import { filter, map } from 'rxjs';
import { expect, test } from 'vitest';
import { ERROR, observe, open } from '../../test/console.js';
import { sim7600 } from './profiles/sim7600.js';

/** The commands that the emulator has not known since then. */
function unknownTo(console: ReturnType<typeof open>) {
  return observe(
    console.module.control.events$.pipe(
      filter((event) => event.kind === 'unknown'),
      map(({ command }) => command),
    ),
  );
}

test('a command that the emulator does not know is refused, and told from one that the module refuses', () => {
  const console = open();
  const unknown = unknownTo(console);
  expect(console.at('+CAOPEN=0')).toBe(ERROR);
  expect(console.at('+CMGF=7')).toBe(ERROR);
  expect(unknown.values).toEqual(['+CAOPEN']);
});

test('each family has its own commands', () => {
  const console = open({ profile: sim7600 });
  const unknown = unknownTo(console);
  console.at('+CGNSSPWR=1');
  console.at('+CGPS=1');
  expect(unknown.values).toEqual(['+CGNSSPWR']);
});

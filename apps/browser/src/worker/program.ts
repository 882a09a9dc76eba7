import * as tcpip from '@a7600/tcpip';
import * as transport from '@a7600/transport';
import * as rxjs from 'rxjs';
import { defer, from, isObservable, type Observable, switchMap } from 'rxjs';

/** What a program may import beside {@link packages}. */
export interface Given {
  readonly port: transport.Transport;
  readonly print: (line: unknown) => void;
}

/** Takes the place of what the page observes. */
export type Observed = Pick<typeof tcpip, 'modem' | 'keepOnline'>;

/**
 * Runs the text of a program: a module of JavaScript that exports `program`, an observable, which the page
 * subscribes to. Cold; unsubscribing ends the program.
 *
 * @throws (as an error of the observable) a `SyntaxError`, or an error that says what is missing
 */
export function program(text: string, given: Given, observed: Observed): Observable<unknown> {
  return defer(() => {
    const packages = {
      rxjs,
      '@a7600/tcpip': { ...tcpip, ...observed },
      '@a7600/transport': transport,
      './playground.js': given,
    };
    return from(load(text, packages));
  }).pipe(
    switchMap((exported) => {
      if (isObservable(exported)) return exported;
      throw new Error('The program exports no observable: `export const program = …` what is to run.');
    }),
  );
}

type Packages = Readonly<Record<string, object>>;

/** Where the modules stand that hand a package on to programs, while a program is loaded. */
const SHARED = '__a7600_packages';

async function load(text: string, packages: Packages): Promise<unknown> {
  Object.assign(globalThis, { [SHARED]: packages });
  const urls = new Map<string, string>();
  const urlOf = (name: string) => {
    const url = urls.get(name) ?? blobUrl(handingOn(name, packages));
    urls.set(name, url);
    return url;
  };
  const linked = text.replaceAll(
    /(\bfrom\s*|\bimport\s*)(['"])([^'"\n]+)\2/g,
    (_, before: string, __, name: string) => `${before}${JSON.stringify(urlOf(name))}`,
  );
  const url = blobUrl(linked);
  try {
    const module = (await import(/* @vite-ignore */ url)) as { readonly program?: unknown };
    return module.program;
  } finally {
    for (const each of [url, ...urls.values()]) URL.revokeObjectURL(each);
  }
}

/** A module that exports what a package exports. */
function handingOn(name: string, packages: Packages): string {
  const found = packages[name];
  if (found === undefined) {
    const known = Object.keys(packages).join(', ');
    throw new Error(`The page has no package "${name}"; it has ${known}.`);
  }
  const names = Object.keys(found);
  return `const { ${names.join(', ')} } = globalThis.${SHARED}[${JSON.stringify(name)}];
export { ${names.join(', ')} };`;
}

function blobUrl(text: string): string {
  return URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
}

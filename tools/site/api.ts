import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Application, PackageJsonReader, TSConfigReader, TypeDocReader } from 'typedoc';
import { docstrings } from '../lint/docstrings.js';
import left from '../lint/left.json' with { type: 'json' };
import { entrySources, programOf } from '../lint/program.js';

/**
 * Writes the API reference as Markdown.
 *
 * @param root The folder of the repository.
 * @param folder The folder with `typedoc.json`.
 * @throws {Error} if a docstring is missing, or a type is used and not exported; TypeDoc has printed which.
 */
export async function writeApi(root: string, folder: string): Promise<void> {
  const app = await Application.bootstrapWithPlugins({ options: join(folder, 'typedoc.json') }, [
    new TypeDocReader(),
    new PackageJsonReader(),
    new TSConfigReader(),
  ]);
  const project = await app.convert();
  if (project !== undefined) {
    app.validate(project);
    await app.generateOutputs(project);
  }
  const { errorCount, warningCount } = app.logger;
  const faults = errorCount + warningCount + undocumented(root);
  if (faults > 0) throw new Error(`The API reference has ${faults} faults; the lines above name them.`);
  correctAnchors(join(folder, 'api'));
}

/** Prints what lacks a docstring, in the packages of which lint demands them, and counts it. */
function undocumented(root: string): number {
  const folders = readdirSync(join(root, 'packages')).map((name) => `packages/${name}`);
  const demanded = folders.filter((folder) => !(left.docstrings as readonly string[]).includes(folder));
  const found = demanded.flatMap((folder) => docstrings(entrySources(root, folder), programOf(root, folder)));
  for (const { path, line, message } of found) console.error(`${path}:${line}: ${message}`);
  return found.length;
}

/** The plugin writes links to names with an underscore with a hyphen, and their anchors with the underscore. */
function correctAnchors(folder: string): void {
  const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.md'),
  );
  for (const page of pages) {
    const text = readFileSync(join(folder, page), 'utf8');
    const corrected = text.replaceAll(/<a id="[^"]*">/g, (anchor) => anchor.replaceAll('_', '-'));
    if (corrected !== text) writeFileSync(join(folder, page), corrected);
  }
}

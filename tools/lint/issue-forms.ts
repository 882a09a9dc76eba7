import { parse } from 'yaml';

/**
 * What is wrong with an issue form, by the rules of GitHub's documentation ("Syntax for issue forms", "Syntax for GitHub's
 * form schema"): a form that breaks one is not shown at all, and says so only after a push.
 *
 * @param text The file.
 * @returns a line for each fault.
 */
export function formFaults(text: string): string[] {
  const form = parse(text) as Node;
  const faults = [
    ...required(form, ['name', 'description', 'body'], 'the form'),
    ...unknown(
      form,
      ['name', 'description', 'body', 'labels', 'title', 'assignees', 'projects', 'type'],
      'the form',
    ),
  ];
  const body = Array.isArray(form.body) ? (form.body as Node[]) : [];
  const ids = new Set<unknown>();
  for (const [index, element] of body.entries()) {
    const where = `body[${index}]`;
    const type = String(element.type);
    const attributes = (element.attributes ?? {}) as Node;
    const [needed, allowed] = ELEMENTS[type] ?? [[], []];
    if (ELEMENTS[type] === undefined) faults.push(`${where}: there is no element "${type}"`);
    else {
      faults.push(...required(attributes, needed, `${where}.attributes`));
      faults.push(...unknown(attributes, [...needed, ...allowed], `${where}.attributes`));
    }
    faults.push(...unknown(element, ['type', 'id', 'attributes', 'validations'], where));
    if (element.id !== undefined) {
      if (!/^[\w-]+$/.test(String(element.id)))
        faults.push(`${where}: the id has other characters than letters, digits, - and _`);
      if (ids.has(element.id)) faults.push(`${where}: the id ${String(element.id)} is there twice`);
      ids.add(element.id);
    }
    const { required: isRequired, ...others } = (element.validations ?? {}) as Node;
    if (isRequired !== undefined && typeof isRequired !== 'boolean')
      faults.push(`${where}: required is true or false`);
    faults.push(...unknown(others, [], `${where}.validations`));
  }
  if (body.every(({ type }) => type === 'markdown'))
    faults.push('a form needs an element that can be filled in');
  return faults;
}

/**
 * What is wrong with the settings of dependabot, by "Dependabot options reference" of GitHub's documentation.
 *
 * @param text The file.
 * @returns a line for each fault.
 */
export function dependabotFaults(text: string): string[] {
  const settings = parse(text) as Node;
  const updates = Array.isArray(settings.updates) ? (settings.updates as Node[]) : [];
  return [
    ...(settings.version === 2 ? [] : ['version must be 2']),
    ...unknown(settings, ['version', 'updates', 'registries', 'enable-beta-ecosystems'], 'the file'),
    ...(updates.length > 0 ? [] : ['updates is empty']),
    ...updates.flatMap((update, index) => {
      const where = `updates[${index}]`;
      const interval = (update.schedule as Node | undefined)?.interval;
      return [
        ...required(update, ['package-ecosystem', 'directory', 'schedule'], where),
        ...unknown(update, UPDATE, where),
        ...(INTERVALS.includes(String(interval))
          ? []
          : [`${where}: the interval is one of ${INTERVALS.join(', ')}`]),
        ...((update.ignore ?? []) as Node[]).flatMap((rule, at) =>
          required(rule, ['dependency-name'], `${where}.ignore[${at}]`),
        ),
      ];
    }),
  ];
}

/** A mapping of the file, whose values may be anything. */
interface Node {
  readonly [name: string]: unknown;
  readonly attributes?: unknown;
  readonly body?: unknown;
  readonly id?: unknown;
  readonly ignore?: unknown;
  readonly interval?: unknown;
  readonly required?: unknown;
  readonly schedule?: unknown;
  readonly type?: unknown;
  readonly updates?: unknown;
  readonly validations?: unknown;
  readonly version?: unknown;
}

/** Attributes of each element: those that it needs, and those that it may have. */
const ELEMENTS: Readonly<Record<string, readonly [needed: readonly string[], allowed: readonly string[]]>> = {
  markdown: [['value'], []],
  textarea: [['label'], ['description', 'placeholder', 'value', 'render']],
  input: [['label'], ['description', 'placeholder', 'value']],
  dropdown: [
    ['label', 'options'],
    ['description', 'multiple', 'default'],
  ],
  checkboxes: [['label', 'options'], ['description']],
};
const INTERVALS = ['daily', 'weekly', 'monthly', 'quarterly', 'semiannually', 'yearly', 'cron'];
const UPDATE = [
  'package-ecosystem',
  'directory',
  'schedule',
  'groups',
  'ignore',
  'allow',
  'labels',
  'assignees',
  'commit-message',
  'cooldown',
  'milestone',
  'open-pull-requests-limit',
  'pull-request-branch-name',
  'rebase-strategy',
  'registries',
  'target-branch',
  'vendor',
  'versioning-strategy',
];

function required(node: Node, names: readonly string[], where: string): string[] {
  return names
    .filter((name) => node[name] === undefined || node[name] === '')
    .map((name) => `${where}: ${name} is missing`);
}

function unknown(node: Node, names: readonly string[], where: string): string[] {
  return Object.keys(node)
    .filter((name) => !names.includes(name))
    .map((name) => `${where}: there is no ${name}`);
}

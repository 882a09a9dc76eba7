import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { dependabotFaults, formFaults } from './issue-forms.js';

const folder = fileURLToPath(new URL('../../.github/', import.meta.url));
const forms = readdirSync(`${folder}ISSUE_TEMPLATE`).filter((name) => name !== 'config.yml');

test.each(forms)('%s is a form that GitHub shows', (name) => {
  expect(formFaults(readFileSync(`${folder}ISSUE_TEMPLATE/${name}`, 'utf8'))).toEqual([]);
});

test('the settings of dependabot are valid', () => {
  expect(dependabotFaults(readFileSync(`${folder}dependabot.yml`, 'utf8'))).toEqual([]);
});

const FORM = 'name: A\ndescription: B\nbody:\n  - type: input\n    id: a\n    attributes:\n      label: L\n';

test.each([
  ['name: A\nbody: []\n', 'the form: description is missing'],
  [`${FORM}lables: [bug]\n`, 'the form: there is no lables'],
  [FORM.replace('input', 'inputs'), 'body[0]: there is no element "inputs"'],
  [FORM.replace('label:', 'lable:'), 'body[0].attributes: label is missing'],
  [FORM.replace('id: a', 'id: a b'), 'body[0]: the id has other characters than letters, digits, - and _'],
  [FORM + FORM.slice(FORM.indexOf('  - type')), 'body[1]: the id a is there twice'],
  [`${FORM}    validations:\n      required: yes please\n`, 'body[0]: required is true or false'],
])('a fault is found: %#', (text, fault) => {
  expect(formFaults(text)).toContain(fault);
});

test.each([
  ['version: 1\nupdates: []\n', ['version must be 2', 'updates is empty']],
  [
    'version: 2\nupdates:\n  - package-ecosystem: npm\n    schedule:\n      interval: often\n',
    [
      'updates[0]: directory is missing',
      'updates[0]: the interval is one of daily, weekly, monthly, quarterly, semiannually, yearly, cron',
    ],
  ],
])('a fault of the settings is found: %#', (text, faults) => {
  expect(dependabotFaults(text)).toEqual(faults);
});

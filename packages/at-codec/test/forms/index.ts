import fc from 'fast-check';
import type { Command } from '../../src/command.js';
import type { AnyForm, Sample } from './form.js';
import { generalForms } from './general.js';
import { identityForms } from './identity.js';
import { radioForms } from './radio.js';
import { settingForms } from './settings.js';
import { socketForms } from './sockets.js';

export type { AnyForm, Parameter, Reply, Sample } from './form.js';

/** Every form of every command. */
export const forms: readonly AnyForm[] = [
  ...generalForms,
  ...identityForms,
  ...radioForms,
  ...settingForms,
  ...socketForms,
];

/** A random command with a random answer; `fits` picks the forms. */
export function sample(fits: (form: AnyForm) => boolean = () => true): fc.Arbitrary<Sample> {
  return fc.constantFrom(...forms.filter(fits)).chain((form) => form.sample);
}

/** The form that a sample is of. */
export function formOf({ name }: Sample): AnyForm {
  const found = forms.find((form) => `${form.family}.${form.form}` === name);
  if (found === undefined) throw new Error(`There is no form ${name} any more.`);
  return found;
}

/** The command of a sample. */
export function commandOf(of: Sample): Command<unknown> {
  return formOf(of).make(of.args);
}

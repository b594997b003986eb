import type { Element } from 'ltx';
import { NS_DATA } from '../namespaces.ts';
import { xml } from './element.ts';

/** A data form to submit (XEP-0004), each field with one value. */
export function submitForm(formType: string, fields: Readonly<Record<string, string>>): Element {
  return xml(
    'x',
    { xmlns: NS_DATA, type: 'submit' },
    xml('field', { var: 'FORM_TYPE', type: 'hidden' }, xml('value', {}, formType)),
    ...Object.entries(fields).map(([name, value]) => xml('field', { var: name }, xml('value', {}, value))),
  );
}

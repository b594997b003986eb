import type { Element } from 'ltx';
import { NS_DATA } from './namespaces.ts';
import { attribute, xml } from './stanza.ts';

/** Writes the fields of a data form (XEP-0004), each with one value. */
export function writeForm(
  type: 'form' | 'result' | 'submit',
  formType: string,
  fields: Readonly<Record<string, string>>,
): Element {
  return xml(
    'x',
    { xmlns: NS_DATA, type },
    xml('field', { var: 'FORM_TYPE', type: 'hidden' }, xml('value', {}, formType)),
    ...Object.entries(fields).map(([name, value]) => xml('field', { var: name }, xml('value', {}, value))),
  );
}

/** Reads the fields of the data form in `parent` with their first values, FORM_TYPE left out; none without a form. */
export function readForm(parent: Element | undefined): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const field of parent?.getChild('x', NS_DATA)?.getChildren('field') ?? []) {
    const name = attribute(field, 'var');
    if (typeof name === 'string' && name !== 'FORM_TYPE') fields[name] = field.getChildText('value') ?? '';
  }
  return fields;
}

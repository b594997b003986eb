import type { Element } from 'ltx';
import { WireError } from '../wire-error.ts';
import { setAttribute } from './element.ts';
import { attributeOf, childElements, declaredIn } from './read-element.ts';

/**
 * Takes an element out of its tree such that it means the same by itself: the namespace and every prefix used inside are
 * declared on it. Changes the element and returns it. Throws `invalid-argument` when a prefix is declared nowhere.
 */
export function standAlone(element: Element): Element {
  const { parent } = element;
  const inherited = (declaration: string) => (parent === null ? undefined : declaredIn(parent, declaration));
  element.parent = null;
  // Descendants without a prefix are in the default namespace, also where the element itself has a prefix.
  if (attributeOf(element, 'xmlns') === undefined) setAttribute(element, 'xmlns', inherited('xmlns') ?? '');
  declarePrefixes(element, element, inherited);
  return element;
}

function declarePrefixes(
  element: Element,
  root: Element,
  inherited: (declaration: string) => string | undefined,
): void {
  for (const name of [element.name, ...Object.keys(element.attrs)]) {
    const prefix = name.slice(0, Math.max(name.indexOf(':'), 0));
    const declaration = `xmlns:${prefix}`;
    if (prefix === '' || prefix === 'xml' || prefix === 'xmlns' || declaredIn(element, declaration) !== undefined)
      continue;
    const value = inherited(declaration);
    if (value === undefined) throw new WireError('invalid-argument', 'a namespace prefix is not declared');
    setAttribute(root, declaration, value);
  }
  for (const child of childElements(element)) declarePrefixes(child, root, inherited);
}

import type { Element } from 'ltx';
import { WireError } from '../wire-error.ts';
import { createElement, setAttribute } from './element.ts';
import { attributeOf, declaredIn, isElement, namespaceOf } from './read-element.ts';

/** Elements inside elements that are copied; also the end for a tree with a loop. */
const DEEPEST = 64;

/**
 * A deep copy that means the same without its ancestors: the namespace and every prefix used inside are declared on the
 * copy. Throws `invalid-argument` when a namespace is not declared anywhere, `too-large` for a tree too deep.
 */
export function standAlone(element: Element): Element {
  const copied = copy(element, 1);
  const namespace = namespaceOf(element);
  if (namespace === undefined) throw new WireError('invalid-argument', 'an element has no namespace');
  if (attributeOf(copied, 'xmlns') === undefined) {
    // Unprefixed descendants are in the default namespace, also where the element itself has a prefix.
    const inherited = declaredIn(element, 'xmlns');
    if (inherited !== undefined) setAttribute(copied, 'xmlns', inherited);
  }
  for (const prefix of undeclaredPrefixes(copied, new Set())) {
    const declaration = `xmlns:${prefix}`;
    const value = declaredIn(element, declaration);
    if (value === undefined) throw new WireError('invalid-argument', 'a namespace prefix is not declared');
    setAttribute(copied, declaration, value);
  }
  return copied;
}

function copy(element: Element, depth: number): Element {
  if (depth > DEEPEST) {
    throw new WireError('too-large', `elements are nested deeper than ${DEEPEST}`, { details: { limit: DEEPEST } });
  }
  const copied = createElement(element.name);
  for (const name of Object.keys(element.attrs)) {
    const value = attributeOf(element, name);
    if (value !== undefined) setAttribute(copied, name, value);
  }
  for (const child of element.children as readonly unknown[]) {
    if (typeof child === 'string' || typeof child === 'number') copied.children.push(String(child));
    else if (isElement(child)) copied.cnode(copy(child, depth + 1));
    else if (child !== null && child !== undefined) {
      throw new WireError('invalid-argument', 'a child is neither element nor text');
    }
  }
  return copied;
}

/** Prefixes used in this tree without a declaration in it. */
function undeclaredPrefixes(element: Element, declared: ReadonlySet<string>): Set<string> {
  const names = Object.keys(element.attrs);
  const here = new Set(declared);
  for (const name of names) if (name.startsWith('xmlns:')) here.add(name.slice(6));
  const missing = new Set<string>();
  for (const name of [element.name, ...names]) {
    const colon = name.indexOf(':');
    const prefix = name.slice(0, Math.max(colon, 0));
    if (prefix !== '' && prefix !== 'xml' && prefix !== 'xmlns' && !here.has(prefix)) missing.add(prefix);
  }
  for (const child of element.children) {
    if (typeof child === 'string') continue;
    for (const prefix of undeclaredPrefixes(child, here)) missing.add(prefix);
  }
  return missing;
}

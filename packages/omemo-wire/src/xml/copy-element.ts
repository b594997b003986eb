import type { Element } from 'ltx';
import { WireError } from '../wire-error.ts';
import { createElement, setAttribute } from './element.ts';
import { attributeOf, isElement } from './read-element.ts';

/**
 * A deep copy, still linked to the ancestors of the original so that its namespaces can be looked up. Throws
 * `too-large` for a tree deeper than `depthLimit` (which also ends a loop), `invalid-argument` for children and attributes
 * that are neither elements nor text.
 */
export function copyElement(element: Element, depthLimit: number): Element {
  if (depthLimit <= 0) throw new WireError('too-large', 'elements are nested too deep');
  const copied = createElement(element.name);
  copied.parent = element.parent;
  for (const name of Object.keys(element.attrs)) {
    const value = attributeOf(element, name);
    if (value !== undefined) setAttribute(copied, name, value);
  }
  for (const child of element.children as readonly unknown[]) {
    if (typeof child === 'string' || typeof child === 'number') copied.children.push(String(child));
    else if (isElement(child)) copied.cnode(copyElement(child, depthLimit - 1));
    else if (child !== null && child !== undefined) {
      throw new WireError('invalid-argument', 'a child is neither element nor text');
    }
  }
  return copied;
}

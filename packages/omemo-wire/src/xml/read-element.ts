import type { Element } from 'ltx';
import { WireError } from '../wire-error.ts';

/** Ancestors looked at for a namespace declaration: more than any stanza has, and an end for a tree with a loop. */
const MOST_ANCESTORS = 256;

/**
 * Whether this is an element as ltx makes them. Elements come from whatever XML library feeds the application, so the
 * shape counts and not the class.
 */
export function isElement(node: unknown): node is Element {
  if (typeof node !== 'object' || node === null) return false;
  const { name, attrs, children } = node as Partial<Element>;
  return typeof name === 'string' && typeof attrs === 'object' && attrs !== null && Array.isArray(children);
}

/**
 * The attribute's text; undefined where there is none. Own properties only: `constructor` is no attribute. An object in
 * its place, such as the JID of some library, is `invalid-argument`: to take it for absent would let a stanza from
 * somebody pass for one without sender.
 */
export function attributeOf(element: Element, name: string): string | undefined {
  const value: unknown = Object.hasOwn(element.attrs, name) ? element.attrs[name] : undefined;
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return undefined;
  // ltx writes numbers and booleans that applications put into attributes as text, so they read as text too.
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new WireError('invalid-argument', 'an attribute is not text', { details: { part: name } });
}

/** A required attribute. Throws `missing-attribute`. */
export function requiredAttribute(element: Element, name: string): string {
  const value = attributeOf(element, name);
  if (value !== undefined) return value;
  const parent = localName(element);
  // Known by now to be one of the names asked for, so it may be repeated.
  throw new WireError('missing-attribute', `<${parent}/> has no ${name}`, { details: { in: parent, part: name } });
}

export function localName(element: Element): string {
  return element.name.slice(element.name.indexOf(':') + 1);
}

/** The namespace of an element, looked up through its ancestors without recursion. */
export function namespaceOf(element: Element): string | undefined {
  const colon = element.name.indexOf(':');
  const declaration = colon < 0 ? 'xmlns' : `xmlns:${element.name.slice(0, colon)}`;
  return declaredIn(element, declaration);
}

/** The value of an `xmlns` or `xmlns:prefix` declaration in scope at this element. */
export function declaredIn(element: Element, declaration: string): string | undefined {
  let ancestor: Element | null | undefined = element;
  for (let step = 0; step < MOST_ANCESTORS && isElement(ancestor); step++) {
    const value = attributeOf(ancestor, declaration);
    if (value !== undefined) return value;
    ancestor = ancestor.parent;
  }
  return undefined;
}

export function isNamed(element: Element, name: string, namespace: string): boolean {
  return localName(element) === name && namespaceOf(element) === namespace;
}

export interface ChildQuery {
  readonly name: string;
  readonly namespace: string;
}

/** All child elements; text and whatever else is between them is left out. */
export function childElements(element: Element): Element[] {
  return (element.children as readonly unknown[]).filter(isElement);
}

export function childrenNamed(element: Element, { name, namespace }: ChildQuery): Element[] {
  return childElements(element).filter((child) => isNamed(child, name, namespace));
}

/** The child of this name, which may be absent but not repeated. Throws `repeated-element`. */
export function optionalChild(element: Element, query: ChildQuery): Element | undefined {
  const [child, second] = childrenNamed(element, query);
  if (second === undefined) return child;
  throw new WireError('repeated-element', `<${query.name}/> is there more than once`, {
    details: { part: query.name },
  });
}

/** The one child of this name. Throws `missing-element`, `repeated-element`. */
export function onlyChild(element: Element, query: ChildQuery): Element {
  const child = optionalChild(element, query);
  if (child !== undefined) return child;
  throw new WireError('missing-element', `<${query.name}/> is missing`, { details: { part: query.name } });
}

/** Throws `unexpected-element` unless this is the element asked for. */
export function expectElement(element: Element, { name, namespace }: ChildQuery): void {
  if (isElement(element) && isNamed(element, name, namespace)) return;
  throw new WireError('unexpected-element', `not a <${name} xmlns='${namespace}'/>`, { details: { part: name } });
}

/** The text of an element that may hold nothing else. Throws `unexpected-element`. */
export function textOf(element: Element): string {
  let text = '';
  for (const child of element.children as readonly unknown[]) {
    if (typeof child === 'string' || typeof child === 'number') text += child;
    else if (child !== null && child !== undefined) {
      throw new WireError('unexpected-element', 'there is an element where only text may be');
    }
  }
  return text;
}

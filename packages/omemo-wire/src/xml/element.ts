import type { Element } from 'ltx';
// ltx's entry point also loads its parser, which needs Node's `events`; a browser would have to polyfill it for nothing.
import ElementConstructor from 'ltx/src/Element.js';

const construct = ElementConstructor as unknown as new (name: string) => Element;

export type Attributes = Readonly<Record<string, string | undefined>>;

/** A new element with these attributes, those with a value. */
export function createElement(name: string, attributes: Attributes = {}): Element {
  const element = new construct(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) setAttribute(element, key, value);
  return element;
}

/** Appends a new child and returns it. */
export function appendElement(parent: Element, name: string, attributes: Attributes = {}): Element {
  return parent.cnode(createElement(name, attributes));
}

/** Appends a new child that holds only text. */
export function appendText(
  parent: Element,
  name: string,
  { text, attributes = {} }: { text: string; attributes?: Attributes },
): void {
  appendElement(parent, name, attributes).children.push(text);
}

/** `__proto__` is a legal XML name: it must become a plain property and not the prototype (S48). */
export function setAttribute(element: Element, name: string, value: string): void {
  if (name === '__proto__') {
    Object.defineProperty(element.attrs, name, { value, enumerable: true, configurable: true, writable: true });
  } else {
    element.attrs[name] = value;
  }
}

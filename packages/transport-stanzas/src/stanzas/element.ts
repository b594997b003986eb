import { type Attributes, createElement } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';

/** An element with attributes (those with a value) and children. */
export function xml(name: string, attributes: Attributes, ...children: readonly (Element | string)[]): Element {
  const element = createElement(name, attributes);
  for (const child of children) element.cnode(child as Element);
  return element;
}

/** An attribute that is there as text. */
export function attribute(element: Element | undefined, name: string): string | undefined {
  const value: unknown = element?.attrs[name];
  return typeof value === 'string' ? value : undefined;
}

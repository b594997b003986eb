import { createElement } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';

/** What this package reads of an element, whichever copy of ltx or of something like it made it. */
export interface ElementLike {
  readonly name: string;
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly children: readonly unknown[];
  readonly parent?: ElementLike | null;
}

/** Makes an empty element. */
export type MakeElement = (name: string, attributes: Record<string, string>) => Element;

/**
 * A copy that belongs to nobody and keeps the default namespace it had from its parents. For adapters, to turn the elements
 * of their library into those of this one, and with a `make` of theirs the other way. However deep a peer nested them, the
 * stack does not grow.
 */
export function copyElement(source: ElementLike, make: MakeElement = createElement): Element {
  const copy = make(source.name, attributesOf(source));
  const namespace = defaultNamespaceOf(source);
  if (namespace !== undefined && copy.attrs['xmlns'] === undefined && !source.name.includes(':')) {
    copy.attrs['xmlns'] = namespace;
  }
  const open = [{ from: source, to: copy }];
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    for (const child of pair.from.children) {
      if (isElementLike(child)) open.push({ from: child, to: pair.to.cnode(make(child.name, attributesOf(child))) });
      else if (typeof child === 'string' || typeof child === 'number') pair.to.children.push(String(child));
    }
  }
  return copy;
}

function attributesOf({ attrs }: ElementLike): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const key of Object.keys(attrs)) {
    const value = attrs[key];
    if (value === undefined || value === null || key === '__proto__') continue;
    attributes[key] = String(value);
  }
  return attributes;
}

function defaultNamespaceOf(element: ElementLike): string | undefined {
  for (let at: ElementLike | null | undefined = element; at !== null && at !== undefined; at = at.parent) {
    const declared = at.attrs['xmlns'];
    if (typeof declared === 'string') return declared;
  }
  return undefined;
}

function isElementLike(child: unknown): child is ElementLike {
  return typeof child === 'object' && child !== null && 'name' in child && 'attrs' in child && 'children' in child;
}

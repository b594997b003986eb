import { createElement } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';

/** What this package reads of an element, whichever copy of ltx or of something like it made it. */
export interface ElementLike {
  readonly name: string;
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly children: readonly unknown[];
  readonly parent?: ElementLike | null;
}

/**
 * A copy that belongs to nobody and keeps the default namespace it had from its parents. For adapters, to turn the elements
 * of their library into those of this one. However deep a peer nested them, the stack does not grow.
 */
export function copyElement(source: ElementLike): Element {
  const copy = emptyCopy(source);
  const namespace = defaultNamespaceOf(source);
  if (namespace !== undefined && copy.attrs['xmlns'] === undefined && !source.name.includes(':')) {
    copy.attrs['xmlns'] = namespace;
  }
  const open = [{ from: source, to: copy }];
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    for (const child of pair.from.children) {
      if (isElementLike(child)) open.push({ from: child, to: pair.to.cnode(emptyCopy(child)) });
      else if (typeof child === 'string' || typeof child === 'number') pair.to.children.push(String(child));
    }
  }
  return copy;
}

function emptyCopy({ name, attrs }: ElementLike): Element {
  const attributes: Record<string, string> = {};
  for (const key of Object.keys(attrs)) {
    const value = attrs[key];
    if (value === undefined || value === null || key === '__proto__') continue;
    attributes[key] = String(value);
  }
  return createElement(name, attributes);
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

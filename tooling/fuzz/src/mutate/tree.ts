import { decodeBase64, encodeBase64 } from '@omemo-kit/omemo-wire';
import { Element } from 'ltx';
import type { Draw } from '../draw.ts';
import { mutateBytes } from './bytes.ts';
import { mutateFields } from './fields.ts';
import { ATTRIBUTES, NAMES, WORDS } from './words.ts';

/** Children that one change may add: above every limit on their number that is not about whole stanzas. */
const MANY = 300;
/** Deeper than a tree may be. */
const DEEP = 80;

type Change = (draw: Draw, at: Element, root: Element, others: readonly Element[]) => void;

/** What is changed most: the value of something that is there. */
const changes: readonly Change[] = [
  changeText,
  changeText,
  changeText,
  changeAttribute,
  changeAttribute,
  (draw, at) => void at.attr(draw.pick(ATTRIBUTES), draw.pick(WORDS)),
  (draw, at) => void delete at.attrs[draw.pick(Object.keys(at.attrs))],
  (draw, at) => {
    at.name = draw.pick(NAMES);
  },
  (draw, at) => void at.children.splice(draw.below(at.children.length), 1),
  // A child once more, or far too often.
  (draw, at) => {
    const child = draw.pick(at.children);
    if (child === undefined) return;
    for (let left = draw.once(60) ? MANY : 1; left > 0; left--) put(at, copyOf(child), draw);
  },
  // Something from another stanza, or of its own, in a place where it does not belong.
  (draw, at, _root, others) => put(at, copyOf(draw.pick(elementsIn(draw.pick(others)))), draw),
  (draw, at, root) => put(at, copyOf(draw.pick(elementsIn(root))), draw),
  (draw, at) => put(at, draw.pick(WORDS), draw),
  (draw, at) => {
    let inner = at;
    for (let left = draw.once(60) ? DEEP : 1; left > 0; left--)
      inner = inner.c(draw.once(2) ? at.name : draw.pick(NAMES), { ...at.attrs });
  },
  // Its content one level deeper.
  (draw, at) => {
    const inner = new Element(draw.pick(NAMES), {});
    inner.children = at.children;
    for (const child of inner.children) if (typeof child !== 'string') child.parent = inner;
    at.children = [];
    put(at, inner, draw);
  },
  (draw, at) => {
    at.children = [...at.children].reverse().slice(draw.below(2));
  },
];

/** Changes a tree in one to three places. Nodes that `draw` prefers are those far down, where the values are. */
export function mutateTree(draw: Draw, root: Element, others: readonly Element[]): Element {
  for (let left = 1 + draw.below(3); left > 0; left--)
    draw.pick(changes)(draw, draw.pick(elementsIn(root)), root, others);
  return root;
}

function changeAttribute(draw: Draw, at: Element): void {
  const name = draw.pick(Object.keys(at.attrs));
  if (name !== undefined) at.attrs[name] = changedWord(draw, String(at.attrs[name]));
}

function changeText(draw: Draw, at: Element): void {
  const index = at.children.findIndex((child) => typeof child === 'string');
  const text = index < 0 ? '' : String(at.children[index]);
  at.children.splice(Math.max(index, 0), index < 0 ? 0 : 1, changedWord(draw, text));
}

function changedWord(draw: Draw, text: string): string {
  const decoded = draw.once(4) ? undefined : decodedBase64(text);
  if (decoded !== undefined) {
    const change = draw.once(2) ? mutateBytes : mutateFields;
    return encodeBase64(change(draw, decoded, [decoded]));
  }
  if (draw.once(3)) return draw.pick(WORDS);
  if (draw.once(80)) return text.repeat(200).slice(0, 100_000);
  const at = draw.below(text.length + 1);
  return (
    text.slice(0, at) +
    (draw.once(2) ? draw.pick(WORDS) : String.fromCharCode(draw.below(0x250))) +
    text.slice(at + draw.below(3))
  );
}

/** Short base64 is no more than a word. */
function decodedBase64(text: string): Uint8Array | undefined {
  if (text.length < 16) return undefined;
  try {
    return decodeBase64(text);
  } catch {
    return undefined;
  }
}

function put(parent: Element, child: Element | string, draw: Draw): void {
  if (typeof child !== 'string') child.parent = parent;
  parent.children.splice(draw.below(parent.children.length + 1), 0, child);
}

function elementsIn(element: Element): Element[] {
  const found = [element];
  for (let at = 0; at < found.length; at++) {
    for (const child of found[at]!.children) if (typeof child !== 'string') found.push(child);
  }
  return found;
}

function copyOf(node: Element | string): Element | string {
  return typeof node === 'string' ? node : cloneOf(node);
}

/** A copy that shares nothing with the original. */
export function cloneOf(element: Element): Element {
  const copy = new Element(element.name, { ...element.attrs });
  for (const child of element.children) copy.cnode(typeof child === 'string' ? child : cloneOf(child));
  return copy;
}

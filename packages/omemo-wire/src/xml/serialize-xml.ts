import type { Element } from 'ltx';
import { limitOf, type WireLimits } from '../limits.ts';
import { WireError } from '../wire-error.ts';
import { escapeAttribute, escapeText, isQualifiedName, isXmlText } from './characters.ts';
import { attributeOf, isElement } from './read-element.ts';

/**
 * XML of an element such that `parseXml` reads the same element: every name is a name, every character one that XML can
 * carry, white space in attributes survives. Throws `invalid-character`, `invalid-argument`, `too-large`.
 */
export function serializeXml(element: Element, overrides?: Partial<WireLimits>): string {
  return write(element, limitOf('xmlDepth', overrides));
}

function write(element: Element, depthLeft: number): string {
  if (depthLeft === 0) throw new WireError('too-large', 'elements are nested too deep');
  let text = `<${checkedName(element.name)}`;
  for (const name of Object.keys(element.attrs)) {
    const value = attributeOf(element, name);
    if (value !== undefined) text += ` ${checkedName(name)}="${escapeAttribute(checkedText(value))}"`;
  }
  if (element.children.length === 0) return `${text}/>`;
  text += '>';
  for (const child of element.children as readonly unknown[]) {
    if (isElement(child)) text += write(child, depthLeft - 1);
    else text += escapeText(checkedText(String(child)));
  }
  return `${text}</${element.name}>`;
}

function checkedName(name: string): string {
  if (isQualifiedName(name)) return name;
  throw new WireError('invalid-argument', 'an element or attribute has a name that XML cannot carry');
}

function checkedText(text: string): string {
  if (isXmlText(text)) return text;
  throw new WireError('invalid-character', 'there is a character that XML cannot carry');
}

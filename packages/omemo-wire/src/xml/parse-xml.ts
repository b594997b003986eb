import type { Element } from 'ltx';
import { limitOf, type WireLimits } from '../limits.ts';
import { WireError } from '../wire-error.ts';
import { decodeReferences, isXmlText, qualifiedName } from './characters.ts';
import { createElement, setAttribute } from './element.ts';
import { checkNamespaces } from './namespace-scope.ts';

const WHITE_SPACE = /[ \t\r\n]*/y;
const LINE_END = /\r\n?/g;
const ATTRIBUTE_WHITE_SPACE = /\r\n|[\t\n\r]/g;

/**
 * Parses one XML element that no server has filtered, such as a decrypted envelope. Accepts what XMPP allows between two
 * stanzas and nothing else: one root with white space around it at most, no comments, processing instructions, CDATA
 * sections or document types, no characters XML cannot carry, no attribute twice, no undeclared prefix, only the five
 * predefined entities. Size, depth and attributes are limited. Work is linear in the size. Line ends and white space in
 * attributes are normalized as XML 1.0 (2.11, 3.3.3) says.
 *
 * Throws `malformed-xml`, `invalid-character`, `too-large`, `too-many`.
 */
export function parseXml(text: string, overrides?: Partial<WireLimits>): Element {
  if (typeof text !== 'string') throw new WireError('invalid-argument', 'XML must be given as a string');
  const lengthLimit = limitOf('xmlLength', overrides);
  if (text.length > lengthLimit) throw tooLarge('the text', lengthLimit, text.length);
  if (!isXmlText(text)) throw new WireError('invalid-character', 'there is a character that XML cannot carry');
  return new Parser(text, overrides).document();
}

class Parser {
  readonly #text: string;
  readonly #depthLimit: number;
  readonly #attributesLimit: number;
  readonly #attributeLengthLimit: number;
  #position = 0;

  constructor(text: string, overrides: Partial<WireLimits> | undefined) {
    this.#text = text;
    this.#depthLimit = limitOf('xmlDepth', overrides);
    this.#attributesLimit = limitOf('attributesPerElement', overrides);
    this.#attributeLengthLimit = limitOf('attributeLength', overrides);
  }

  document(): Element {
    this.#skipWhiteSpace();
    this.#take('<');
    const root = this.#startTag(null);
    let open = root.isClosed ? null : root.element;
    let depth = 1;
    while (open !== null) {
      this.#characterData(open);
      this.#take('<');
      if (this.#text[this.#position] === '/') {
        this.#endTag(open);
        open = open.parent;
        depth -= 1;
        continue;
      }
      if (depth >= this.#depthLimit) {
        throw new WireError('too-large', `elements are nested deeper than ${this.#depthLimit}`, {
          details: { limit: this.#depthLimit, offset: this.#position },
        });
      }
      const { element, isClosed } = this.#startTag(open);
      if (isClosed) continue;
      open = element;
      depth += 1;
    }
    this.#skipWhiteSpace();
    if (this.#position < this.#text.length) throw this.#malformed('something follows the root element');
    return root.element;
  }

  /** Text up to the next tag, appended to the open element. */
  #characterData(open: Element): void {
    const start = this.#position;
    const end = this.#text.indexOf('<', start);
    if (end < 0) throw this.#malformed('an element is not closed');
    if (end === start) return;
    const raw = this.#text.slice(start, end);
    if (raw.includes(']]>')) throw this.#malformed('there is a ]]> in text');
    open.children.push(decodeReferences(raw.includes('\r') ? raw.replace(LINE_END, '\n') : raw, start));
    this.#position = end;
  }

  /** The rest of a start tag or empty-element tag behind its `<`. */
  #startTag(parent: Element | null): { element: Element; isClosed: boolean } {
    const element = createElement(this.#name());
    if (parent !== null) parent.cnode(element);
    let count = 0;
    for (;;) {
      const hadSpace = this.#skipWhiteSpace();
      const character = this.#text[this.#position];
      if (character === '>' || character === '/') break;
      if (!hadSpace) throw this.#malformed('attributes must be set apart by white space');
      count += 1;
      if (count > this.#attributesLimit) {
        throw new WireError('too-many', `an element has more than ${this.#attributesLimit} attributes`, {
          details: { limit: this.#attributesLimit, offset: this.#position },
        });
      }
      this.#attribute(element);
    }
    const isClosed = this.#text[this.#position] === '/';
    if (isClosed) this.#position += 1;
    this.#take('>');
    checkNamespaces(element, this.#position);
    return { element, isClosed };
  }

  #attribute(element: Element): void {
    const name = this.#name();
    this.#skipWhiteSpace();
    this.#take('=');
    this.#skipWhiteSpace();
    const quote = this.#text[this.#position];
    if (quote !== '"' && quote !== "'") throw this.#malformed('an attribute value must be quoted');
    const start = this.#position + 1;
    const end = this.#text.indexOf(quote, start);
    if (end < 0) throw this.#malformed('an attribute value is not closed');
    if (end - start > this.#attributeLengthLimit)
      throw tooLarge('an attribute', this.#attributeLengthLimit, end - start);
    const raw = this.#text.slice(start, end);
    if (raw.includes('<')) throw this.#malformed('there is a < in an attribute value');
    if (Object.hasOwn(element.attrs, name)) throw this.#malformed('an attribute is there twice');
    setAttribute(element, name, decodeReferences(raw.replace(ATTRIBUTE_WHITE_SPACE, ' '), start));
    this.#position = end + 1;
  }

  #endTag(open: Element): void {
    this.#position += 1;
    if (this.#name() !== open.name) throw this.#malformed('an end tag does not match');
    this.#skipWhiteSpace();
    this.#take('>');
  }

  #name(): string {
    qualifiedName.lastIndex = this.#position;
    const name = qualifiedName.exec(this.#text)?.[0];
    // This is also where comments, CDATA, document types and processing instructions end.
    if (name === undefined) throw this.#malformed('a name is expected');
    this.#position += name.length;
    return name;
  }

  #skipWhiteSpace(): boolean {
    const start = this.#position;
    WHITE_SPACE.lastIndex = start;
    WHITE_SPACE.exec(this.#text);
    this.#position = WHITE_SPACE.lastIndex;
    return this.#position > start;
  }

  #take(character: string): void {
    if (this.#text[this.#position] !== character) throw this.#malformed(`a ${character} is expected`);
    this.#position += 1;
  }

  #malformed(what: string): WireError {
    return new WireError('malformed-xml', what, { details: { offset: this.#position } });
  }
}

function tooLarge(what: string, limit: number, actual: number): WireError {
  return new WireError('too-large', `${what} is longer than ${limit}`, { details: { limit, actual } });
}

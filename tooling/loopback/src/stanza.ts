import { Element, type Node, parse } from 'ltx';
import { NS_STANZAS } from './namespaces.ts';

/** Characters that no XML 1.0 document may contain, escaped or not (section 2.2). Lone surrogates are seen through `u`. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\ud800-\udfff]/u;

/**
 * The stanza as the other end of a connection would read it: written to XML and parsed again. Undefined when that is not
 * possible.
 */
export function throughXml(stanza: Element): Element | undefined {
  const text = copyElement(stanza).toString();
  if (forbidden.test(text)) return undefined;
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

/** A deep copy that has no parent and keeps the namespace it had from one. */
export function copyElement(element: Element): Element {
  const copy = copyNode(element);
  const namespace = element.getNS();
  if (namespace !== undefined && !element.name.includes(':')) copy.attr('xmlns', namespace);
  return copy;
}

function copyNode(element: Element): Element {
  const copy = new Element(element.name, element.attrs);
  for (const child of element.children) copy.cnode(typeof child === 'object' ? copyNode(child) : child);
  return copy;
}

/** The value of an attribute; undefined also for no element. */
export function attribute(element: Element | undefined, name: string): string | undefined {
  return element?.attrs[name];
}

/** Where a stanza goes: its `to`, which the server sees to. */
export function addressOf(stanza: Element): string {
  return attribute(stanza, 'to') ?? '';
}

/** The type of a message, `normal` when it has none (RFC 6121 5.2.2). */
export function typeOf(message: Element): string {
  return attribute(message, 'type') ?? 'normal';
}

/** Whether this is an IQ that answers another. */
export function isAnswer(stanza: Element): boolean {
  const type = attribute(stanza, 'type');
  return stanza.getName() === 'iq' && (type === 'result' || type === 'error');
}

/** Builds an element; attributes that are undefined are left out. */
export function xml(name: string, attributes: Record<string, string | undefined>, ...children: Node[]): Element {
  const element = new Element(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) element.attrs[key] = value;
  element.append(...children);
  return element;
}

/** A stanza error as the server answers it (RFC 6120 8.3). */
export interface StanzaErrorOptions {
  /** Defined condition of RFC 6120 8.3.3. */
  readonly condition: string;
  /** `cancel` when left out. */
  readonly type?: 'auth' | 'cancel' | 'modify' | 'wait';
  /** Name and namespace of the application-specific element. */
  readonly application?: { readonly name: string; readonly xmlns: string };
  readonly text?: string;
}

/** Thrown by the server's handlers to answer with an error. */
export class StanzaError extends Error {
  override readonly name = 'StanzaError';
  readonly options: StanzaErrorOptions;

  constructor(options: StanzaErrorOptions) {
    super(options.text ?? options.condition);
    this.options = options;
  }
}

/** The error answer to a stanza. */
export function errorReply(stanza: Element, options: StanzaErrorOptions): Element {
  const error = xml('error', { type: options.type ?? 'cancel' }, xml(options.condition, { xmlns: NS_STANZAS }));
  if (options.text !== undefined) error.append(xml('text', { xmlns: NS_STANZAS }, options.text));
  if (options.application !== undefined) {
    error.append(xml(options.application.name, { xmlns: options.application.xmlns }));
  }
  const { id, from, to } = stanza.attrs;
  return xml(stanza.getName(), { type: 'error', id, from: to, to: from }, error);
}

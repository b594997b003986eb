import type { Element } from 'ltx';
import { WireError } from '../wire-error.ts';
import { declaredIn } from './read-element.ts';

const NS_XML = 'http://www.w3.org/XML/1998/namespace';
const NS_XMLNS = 'http://www.w3.org/2000/xmlns/';

/**
 * Namespaces in XML 1.0 for one element whose ancestors are already linked: every prefix is declared and bound to
 * something, `xml` and `xmlns` mean only themselves, and no two attributes have the same expanded name.
 */
export function checkNamespaces(element: Element, offset: number): void {
  const expanded = new Set<string>();
  for (const [name, value] of Object.entries<string>(element.attrs)) {
    if (name === 'xmlns') {
      if (value === NS_XML || value === NS_XMLNS) throw malformed(offset);
    } else if (name.startsWith('xmlns:')) {
      checkDeclaration(name.slice(6), value, offset);
    } else if (name.includes(':')) {
      const [prefix = '', local = ''] = name.split(':');
      const key = `${local} ${resolvePrefix(element, prefix, offset)}`;
      if (expanded.has(key)) throw malformed(offset);
      expanded.add(key);
    }
  }
  const colon = element.name.indexOf(':');
  if (colon >= 0) resolvePrefix(element, element.name.slice(0, colon), offset);
}

function checkDeclaration(prefix: string, value: string, offset: number): void {
  const isXml = prefix === 'xml';
  if (prefix === 'xmlns' || value === '' || value === NS_XMLNS || isXml !== (value === NS_XML)) throw malformed(offset);
}

function resolvePrefix(element: Element, prefix: string, offset: number): string {
  if (prefix === 'xml') return NS_XML;
  const namespace = declaredIn(element, `xmlns:${prefix}`);
  if (namespace === undefined) throw malformed(offset);
  return namespace;
}

function malformed(offset: number): WireError {
  return new WireError('malformed-xml', 'namespaces are not well-formed', { details: { offset } });
}

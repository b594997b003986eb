import { checkPart, invalidPart, mapPart } from './jid-text.ts';
import { decodePunycode } from './punycode.ts';

/** Characters that IDNA reads as a full stop; the full-width one is mapped with the rest. */
const FULL_STOPS = /[\u3002\uFF0E\uFF61]/g;
/** ASCII in a domain: letters, digits, hyphen, and the underscore that real host names have. */
const FORBIDDEN_ASCII = /[\0-,/:-@[-^`{-\x7f]/;
const IP_V6 = /^\[[0-9a-f:.]{2,45}\]$/;
const ENCODED_LABEL = 'xn--';

/** The domainpart in its canonical form (RFC 7622 3.2): lower case, no final dot, labels in Unicode and not Punycode. */
export function canonicalDomain(text: string): string {
  const domain = mapPart(text.replace(FULL_STOPS, '.')).replace(/\.$/, '');
  if (IP_V6.test(domain)) return domain;
  const canonical = domain.split('.').map(canonicalLabel).join('.');
  checkPart(canonical);
  if (FORBIDDEN_ASCII.test(canonical)) throw invalidPart('the domain of a JID holds a forbidden character');
  return canonical;
}

function canonicalLabel(label: string): string {
  if (label === '') throw invalidPart('the domain of a JID has an empty label');
  if (!label.startsWith(ENCODED_LABEL)) return label;
  const decoded = decodePunycode(label.slice(ENCODED_LABEL.length));
  // An encoded label is an alias of one other label, which has nothing to map, to split or to decode again.
  if (decoded === undefined || mapPart(decoded) !== decoded || /^xn--|\u3002/.test(decoded)) {
    throw invalidPart('the domain of a JID has a malformed encoded label');
  }
  return decoded;
}

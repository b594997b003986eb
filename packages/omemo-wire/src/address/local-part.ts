import { checkPart, invalidPart, mapPart } from './jid-text.ts';

/** RFC 7622 3.3.1, besides what no part may hold. Checked after mapping: a full-width slash becomes a slash. */
const FORBIDDEN = /["&'/:<>@]/;

/** The localpart in its canonical form. */
export function canonicalLocal(text: string): string {
  const local = mapPart(text);
  if (FORBIDDEN.test(local)) throw invalidPart('the localpart of a JID holds a forbidden character');
  checkPart(local);
  return local;
}

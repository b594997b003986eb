import type { Element } from 'ltx';
import type { ArchivedMessage } from './account.ts';
import { readForm } from './data-form.ts';
import { NS_DELAY, NS_FORWARD, NS_HINTS, NS_MAM, NS_RSM, NS_STANZA_ID } from './namespaces.ts';
import type { Realm } from './realm.ts';
import { attribute, copyElement, StanzaError, xml } from './stanza.ts';

/** Messages in a page without a `<max/>`, and at most, as in Prosody 0.12. */
const PAGE = 20;
const MAX_PAGE = 50;

/** Where messages are kept: an account's or a room's archive, under its own JID. */
export interface Archive {
  readonly bareJid: string;
  readonly archive: ArchivedMessage[];
}

/**
 * A copy of the message as the owner of the archive gets it: with the id under which it is kept, and without one that
 * somebody else made up in the owner's name (XEP-0359 6). `again` takes the id of the newest entry for a copy of it.
 *
 * @param asKept what the archive makes of it.
 */
export function archiveMessage(
  realm: Realm,
  owner: Archive | undefined,
  message: Element,
  which: 'first' | 'again' = 'first',
  asKept: (message: Element) => Element = copyElement,
): Element {
  const copy = copyElement(message);
  if (owner === undefined || !isArchived(message)) return copy;
  for (const forged of copy.getChildren('stanza-id', NS_STANZA_ID)) {
    if (attribute(forged, 'by') === owner.bareJid) copy.remove(forged);
  }
  const newest = which === 'again' ? owner.archive.at(-1) : undefined;
  const id = newest?.id ?? realm.nextId();
  if (newest === undefined) owner.archive.push({ id, stamp: realm.now(), stanza: asKept(copy) });
  copy.append(xml('stanza-id', { xmlns: NS_STANZA_ID, by: owner.bareJid, id }));
  return copy;
}

/** The result messages of an archive query, oldest first, and the answer that ends it (XEP-0313 4), paged by RSM. */
export function queryArchive(owner: Archive, query: Element, to: string): { results: Element[]; fin: Element } {
  const page = query.getChild('set', NS_RSM);
  const all = owner.archive.filter(within(readForm(query)));
  const positionOf = (id: string): number => {
    const position = all.findIndex((message) => message.id === id);
    // The archive does not have that message, or not any more (4.3.3).
    if (position < 0) throw new StanzaError({ condition: 'item-not-found', type: 'modify' });
    return position;
  };
  const after = page?.getChildText('after');
  const before = page?.getChildText('before');
  const most = Math.min(Number(page?.getChildText('max') ?? PAGE), MAX_PAGE);
  // `<before/>` without an id asks for the last page (XEP-0059 2.5).
  const end = before == null || before === '' ? all.length : positionOf(before);
  const start = before == null ? (after == null ? 0 : positionOf(after) + 1) : Math.max(0, end - most);
  const found = all.slice(start, Math.min(end, start + most));
  const { queryid } = query.attrs;
  const results = found.map(({ id, stamp, stanza }) => {
    const copy = copyElement(stanza);
    copy.attr('xmlns', 'jabber:client');
    const delay = xml('delay', { xmlns: NS_DELAY, stamp: stamp.toISOString() });
    const result = xml('result', { xmlns: NS_MAM, queryid, id }, xml('forwarded', { xmlns: NS_FORWARD }, delay, copy));
    return xml('message', { from: owner.bareJid, to }, result);
  });
  const set = xml('set', { xmlns: NS_RSM });
  if (found.length > 0) set.append(xml('first', {}, found[0]!.id), xml('last', {}, found.at(-1)!.id));
  set.append(xml('count', {}, String(all.length)));
  const isComplete = before == null ? start + most >= all.length : start === 0;
  return { results, fin: xml('fin', { xmlns: NS_MAM, complete: isComplete ? 'true' : undefined }, set) };
}

/** Messages from `start` and until `end`, as the form of a query asks (4.1.2). */
function within(fields: Readonly<Record<string, string>>): (message: ArchivedMessage) => boolean {
  const [start, end] = ['start', 'end'].map((name) =>
    fields[name] === undefined ? undefined : Date.parse(fields[name]),
  );
  return ({ stamp }) =>
    (start === undefined || stamp.getTime() >= start) && (end === undefined || stamp.getTime() <= end);
}

function isArchived(message: Element): boolean {
  const { type } = message.attrs;
  if (type === 'error' || type === 'headline') return false;
  return ['no-store', 'no-permanent-store'].every((hint) => message.getChild(hint, NS_HINTS) === undefined);
}

import { type ArchivePosition, systemRandomness } from '@omemo-kit/omemo-core';
import { type BareJid, bareJidOf } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';
import type { StanzaChannel } from '../channel.ts';
import { NS_MAM } from '../namespaces.ts';
import { attribute } from '../stanzas/element.ts';
import { archiveQuery, type PageRequest } from './archive-query.ts';
import { type ArchivedStanza, archivedStanza } from './archived-stanza.ts';
import { readPageEnd } from './page-end.ts';
import { assertShort, PageIds } from './page-ids.ts';

export interface ReadArchive {
  readonly channel: StanzaChannel;
  /** Bare JID of a room; the own account's archive when left out. */
  readonly archive?: string;
  /** Archive id of the last message that is known: those after it are read. */
  readonly after?: string;
  /** Messages from then on are read; from the beginning when this and `after` are left out. */
  readonly since?: Date;
  /** Messages asked for at once; 100 by default. */
  readonly pageSize?: number;
  /** Where to stop; 100,000 messages by default, refused ones among them. A server could go on for ever. */
  readonly maxMessages?: number;
  /** The same for pages, which may be empty; 2,000 by default: 100,000 messages in pages of 50, the largest that Prosody gives. */
  readonly maxPages?: number;
  /** Given the messages of each page in the order of the archive; the next page waits for its promise. */
  readonly onMessages: (archived: readonly ArchivedStanza[]) => unknown;
  /** Told when all up to this position was given to `onMessages`. */
  readonly onPosition?: (position: ArchivePosition) => unknown;
  readonly signal?: AbortSignal | undefined;
}

export interface ReadResult {
  readonly messages: number;
  /** Results that were none: malformed, or from somebody else than the archive. */
  readonly refused: number;
  /** Whether the archive was read to its end. */
  readonly complete: boolean;
}

const PAGE_SIZE = 100;
const MAX_MESSAGES = 100_000;
const MAX_PAGES = 2_000;

/**
 * Reads an archive in order, page by page (XEP-0313, XEP-0059). Only results of this query that come from the archive asked
 * count; what anybody else sends in their place is no result (S50). Rejects with TransportError: `item-not-found` when the
 * archive does not have `after` any more, `archive-repeats` when it gives a page that it gave before. What was read until
 * then counts, as after a limit: `onPosition` was told.
 */
export async function readArchive(options: ReadArchive): Promise<ReadResult> {
  const { maxMessages = MAX_MESSAGES, maxPages = MAX_PAGES } = options;
  let { after } = options;
  const pageIds = new PageIds(after);
  let messages = 0;
  let refused = 0;
  let stamp = options.since?.getTime() ?? 0;
  for (let pages = 0; pages < maxPages && messages + refused < maxMessages; pages++) {
    const limit = Math.min(options.pageSize ?? PAGE_SIZE, maxMessages - messages - refused);
    const { archived, last, complete, ...page } = await readPage(options, { after, since: options.since, limit });
    refused += page.refused;
    if (archived.length > 0) await options.onMessages(archived);
    messages += archived.length;
    for (const one of archived) stamp = one.stamp?.getTime() ?? stamp;
    // An empty page may repeat where it began, if it is the last.
    if (last === undefined || (complete && last === after)) return { messages, refused, complete };
    pageIds.add(last);
    await options.onPosition?.({ id: last, stamp });
    if (complete) return { messages, refused, complete };
    after = last;
  }
  return { messages, refused, complete: false };
}

/** The id of the archive's newest message; undefined when it is empty. */
export async function newestInArchive(
  options: Pick<ReadArchive, 'channel' | 'archive' | 'signal'>,
): Promise<ArchivePosition | undefined> {
  const { archived, last } = await readPage(options, { before: 'end', limit: 1 });
  if (last !== undefined) assertShort(last);
  return last === undefined ? undefined : { id: last, stamp: archived.at(-1)?.stamp?.getTime() ?? 0 };
}

interface Page {
  readonly archived: readonly ArchivedStanza[];
  readonly refused: number;
  readonly last: string | undefined;
  readonly complete: boolean;
}

async function readPage(
  { channel, archive, signal }: Pick<ReadArchive, 'channel' | 'archive' | 'signal'>,
  page: Omit<PageRequest, 'queryId' | 'archive'>,
): Promise<Page> {
  const own = bareJidOf(channel.jid);
  const asked: BareJid = archive === undefined ? own : bareJidOf(archive);
  const queryId = systemRandomness.messageId();
  const found: ArchivedStanza[] = [];
  let refused = 0;
  const stop = channel.onStanza((stanza) => {
    if (queryIdOf(stanza) !== queryId || found.length >= page.limit) return;
    const result = archivedStanza(stanza, { own, asked });
    if (result === undefined) refused += 1;
    else found.push(result);
  });
  try {
    const query = archiveQuery({ ...page, queryId, archive: asked === own ? undefined : asked });
    const { last, complete } = readPageEnd(await channel.request(query, signal));
    // A page that holds more than was asked for goes on where we stopped to listen.
    const cut = found.length === page.limit && found.at(-1)?.id !== last;
    return { archived: found, refused, last: found.at(-1)?.id ?? last, complete: complete && !cut };
  } finally {
    stop();
  }
}

/** The query that a stanza claims to be a result of; undefined when it is none. */
export function queryIdOf(stanza: Element): string | undefined {
  const result = stanza.is('message') ? stanza.getChild('result', NS_MAM) : undefined;
  return result === undefined ? undefined : (attribute(result, 'queryid') ?? '');
}

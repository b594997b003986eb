import type { Element } from 'ltx';
import { type BareJid, bareJid, bareJidOf } from '../address/bare-jid.ts';
import { WireError } from '../wire-error.ts';
import { attributeOf, childElements, isElement, isNamed, onlyChild, requiredAttribute } from '../xml/read-element.ts';
import { type Delay, readDelay } from './delay.ts';
import { isClientStanza, NS_CLIENT } from './stanza-kind.ts';

const NS_CARBONS = 'urn:xmpp:carbons:2';
const NS_MAM = 'urn:xmpp:mam:2';
const NS_FORWARD = 'urn:xmpp:forward:0';

/** A message, and how it came. `message` is the one whose `from`, `to` and `<encrypted/>` count. */
export type Unwrapped =
  | { readonly kind: 'plain'; readonly message: Element; readonly delay?: Delay }
  | {
      /** A copy of what another client of this account received or sent (XEP-0280). */
      readonly kind: 'carbon';
      readonly direction: 'received' | 'sent';
      readonly message: Element;
      readonly delay?: Delay;
    }
  | {
      /** A result of an archive query (XEP-0313). Compare `queryId` with the query. */
      readonly kind: 'archived';
      readonly archive: BareJid;
      readonly queryId?: string;
      readonly archiveId: string;
      readonly message: Element;
      readonly delay?: Delay;
    };

export interface ForwardedStanza {
  /** A `<message/>` as it came from the stream. */
  readonly stanza: Element;
  /** The own account. */
  readonly ownBareJid: BareJid;
  /** Archives besides the own one that the application has queried, such as those of rooms. */
  readonly archives?: readonly BareJid[] | undefined;
}

/**
 * Takes a message out of a carbon copy or archive result. Who wrapped it is checked first (S50): carbons come from the
 * own account, archive results from it or from an archive asked. Anybody else who sends such a stanza forges one, and it
 * is refused as `forged-forward`. A missing `from` means the own account (RFC 6120 8.1.2.1). Nothing is unwrapped twice.
 * Throws a `WireError`.
 */
export function unwrapForwarded({ stanza, ownBareJid, archives = [] }: ForwardedStanza): Unwrapped {
  if (!isElement(stanza) || !isClientStanza(stanza, 'message')) {
    throw new WireError('unexpected-element', 'not a <message/>', { details: { part: 'message' } });
  }
  const wrappers = childElements(stanza).filter(isWrapper);
  const [wrapper, second] = wrappers;
  if (second !== undefined) {
    throw new WireError('repeated-element', 'a message is wrapped twice', { details: { in: 'message' } });
  }
  if (wrapper === undefined) return { kind: 'plain', message: stanza, ...withDelay(stanza) };
  const sender = senderOf(stanza) ?? ownBareJid;
  if (isNamed(wrapper, 'result', NS_MAM)) {
    if (sender !== ownBareJid && !archives.includes(sender)) throw forged();
    const queryId = attributeOf(wrapper, 'queryid');
    return {
      kind: 'archived',
      archive: sender,
      archiveId: requiredAttribute(wrapper, 'id'),
      ...(queryId === undefined ? {} : { queryId }),
      ...openForwarded(wrapper),
    };
  }
  if (sender !== ownBareJid) throw forged();
  const opened = openForwarded(wrapper);
  if (isNamed(wrapper, 'received', NS_CARBONS)) return { kind: 'carbon', direction: 'received', ...opened };
  // What this account sent was sent by this account.
  if (bareJidOf(requiredAttribute(opened.message, 'from')) !== ownBareJid) throw forged();
  return { kind: 'carbon', direction: 'sent', ...opened };
}

function isWrapper(element: Element): boolean {
  return (
    isNamed(element, 'received', NS_CARBONS) ||
    isNamed(element, 'sent', NS_CARBONS) ||
    isNamed(element, 'result', NS_MAM)
  );
}

/** The sender must be a bare JID: one of the account's own clients is not the account. */
function senderOf(stanza: Element): BareJid | undefined {
  const from = attributeOf(stanza, 'from');
  if (from === undefined) return undefined;
  try {
    return bareJid(from);
  } catch (cause) {
    throw forged(cause);
  }
}

function openForwarded(wrapper: Element): { message: Element; delay?: Delay } {
  const forwarded = onlyChild(wrapper, { name: 'forwarded', namespace: NS_FORWARD });
  const message = onlyChild(forwarded, { name: 'message', namespace: NS_CLIENT });
  return { message, ...withDelay(forwarded) };
}

function withDelay(parent: Element): { delay?: Delay } {
  const delay = readDelay(parent);
  return delay === undefined ? {} : { delay };
}

function forged(cause?: unknown): WireError {
  return new WireError('forged-forward', 'a forwarded message from somebody who may not forward', { cause });
}

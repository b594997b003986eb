import { type BareJid, parseEnvelope } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';
import { judgeEnvelope } from '../messages/judge-envelope.ts';
import type { RejectionReason } from '../messages/results.ts';

const NS_CLIENT = 'jabber:client';

/** What an IQ is, by its `type`. */
export type IqType = 'get' | 'set' | 'result' | 'error';

/**
 * Judges the envelope of an IQ: its affixes as those of a message (XEP-0420, "Use in <iq/> stanzas"), and whether its content is
 * that of an IQ. Envelopes do not say what stanza they were in, so that a server could move a message into a request, which
 * the application then drops as unknown while the user misses nothing. What a message is made of is therefore never read as an IQ.
 */
export function judgeIq(
  plaintext: Uint8Array,
  around: { readonly from: BareJid; readonly to: BareJid; readonly type: IqType },
): RejectionReason | 'elsewhere' | undefined {
  const { from, to, type } = around;
  const reason = judgeEnvelope(plaintext, { from, to, room: undefined });
  if (reason !== undefined) return reason;
  return isIqContent(parseEnvelope(plaintext).content, type) ? undefined : 'elsewhere';
}

/** A request has one child, a result at most one (RFC 6120 8.2.3); bodies, subjects and threads are of messages. */
function isIqContent(content: readonly Element[], type: IqType): boolean {
  if (type === 'error') return content.length > 0 && content.every((one) => isErrorElement(one) || !ofClient(one));
  if (content.some(ofClient)) return false;
  return type === 'result' ? content.length <= 1 : content.length === 1;
}

function ofClient(element: Element): boolean {
  return element.getNS() === NS_CLIENT;
}

/** QXmpp writes its `<error/>` without a namespace of its own, so that it comes in that of the envelope. */
function isErrorElement(element: Element): boolean {
  return element.getName() === 'error';
}

import { parseEnvelope } from '@omemo-kit/omemo-wire';
import { optOutIn } from '../opt-out/note-opt-out.ts';
import type { InboxRecord } from '../records/delivery.ts';
import type { ReadMessage, RejectedMessage, RejectionReason } from './results.ts';

/** What the application is told of an inbox entry: the same on first delivery and on every later one. */
export function resultOf(entry: InboxRecord): ReadMessage | RejectedMessage {
  const { id, from, deviceId, identityKey, trust, listed, receivedAt, delayedAt, payload, stanza, order, missing } =
    entry;
  const sender = { jid: from, deviceId, identityKey, trust, listed };
  if (entry.rejected !== undefined) {
    return { type: 'rejected', id, sender, reason: entry.rejected as RejectionReason, receivedAt, delayedAt, stanza };
  }
  const envelope = entry.content === 'envelope' ? parseEnvelope(payload) : undefined;
  const optOut = optOutIn(envelope);
  return { type: 'message', id, sender, payload, envelope, receivedAt, delayedAt, order, missing, optOut, stanza };
}

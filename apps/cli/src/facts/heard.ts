import { type ReadMessage, type RejectedMessage, textOf } from '@omemo-kit/omemo-core';
import { bareJidOf } from '@omemo-kit/omemo-wire';
import type { AttachedEvents } from '@omemo-kit/transport-stanzas';
import type { Fact, NoticeFact } from './facts.ts';

/** What a message is to a person. */
export function messageFact(message: ReadMessage | RejectedMessage): Fact {
  const { id, sender, stanza, delayedAt, receivedAt } = message;
  const at = new Date(delayedAt ?? receivedAt).toISOString();
  if (message.type === 'rejected') {
    const text = `a message of ${at} was refused: ${REASONS[message.reason] ?? message.reason}`;
    return { type: 'notice', about: 'refused', jid: sender.jid, deviceId: sender.deviceId, id, text };
  }
  const text = message.envelope === undefined ? undefined : textOf(message.envelope);
  if (text === undefined) {
    const names = message.envelope?.content.map((element) => element.getName()).join(', ') ?? 'bytes';
    return { type: 'notice', about: 'no text', jid: sender.jid, deviceId: sender.deviceId, id, text: names };
  }
  return {
    type: 'message',
    id,
    from: sender.jid,
    deviceId: sender.deviceId,
    trust: sender.trust,
    room: stanza?.type === 'groupchat' ? bareJidOf(stanza.from) : undefined,
    to: stanza?.to,
    at,
    via: stanza?.via ?? 'direct',
    missing: message.missing,
    text,
  };
}

const REASONS: Readonly<Record<string, string>> = {
  'from-mismatch': 'it says inside that somebody else wrote it',
  'to-mismatch': 'it says inside that it was for somebody else',
  'to-missing': 'it does not say inside which room it was for',
  'malformed-envelope': 'its content cannot be read',
};

/** What could not be read, for a person to ask for again. */
export function failedFact({ result }: AttachedEvents['failed']): NoticeFact {
  if (result.type === 'invalid') {
    return { type: 'notice', about: 'invalid', jid: undefined, text: result.cause.message };
  }
  const { jid, deviceId } = result;
  if (result.type === 'not-for-this-device') {
    const text = 'a message was not encrypted for this device';
    return { type: 'notice', about: 'not for this device', jid, deviceId, text };
  }
  const text = `a message could not be read: ${result.code}`;
  return { type: 'notice', about: 'unreadable', jid, deviceId, id: result.id, text };
}

export function troubleFact({ step, cause, jid }: AttachedEvents['trouble']): NoticeFact {
  return { type: 'notice', about: step, jid, text: cause instanceof Error ? cause.message : String(cause) };
}

import {
  type DeviceAddress,
  type OmemoEvents,
  type ReadMessage,
  type RejectedMessage,
  textOf,
} from '@omemo-kit/omemo-core';
import { bareJidOf } from '@omemo-kit/omemo-wire';
import type { AttachedEvents } from '@omemo-kit/transport-stanzas';
import type { Fact, NoticeFact } from './facts.ts';

/** What a message is to a person. */
export function messageFact(message: ReadMessage | RejectedMessage): Fact | undefined {
  // Told by the event of that name.
  if (message.type === 'message' && message.optOut !== undefined) return undefined;
  const { id, sender, stanza, delayedAt, receivedAt } = message;
  const at = new Date(delayedAt ?? receivedAt).toISOString();
  if (message.type === 'rejected') {
    const text = `a message of ${at} was refused: ${REASONS[message.reason]}`;
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

const REASONS: Readonly<Record<RejectedMessage['reason'], string>> = {
  'from-mismatch': 'it says inside that somebody else wrote it',
  'to-mismatch': 'it says inside that it was for somebody else',
  'to-missing': 'it does not say inside which room it was for',
  'malformed-envelope': 'its content cannot be read',
  'untrusted-opt-out': 'a device that you do not trust asks for plain text',
  'visitor-opt-out': 'somebody who does not belong to the room asks for plain text there',
};

/** What could not be read, for a person to ask for again. */
export function failedFact({ result }: AttachedEvents['failed'], own: DeviceAddress): NoticeFact | undefined {
  switch (result.type) {
    case 'invalid':
      return { type: 'notice', about: 'invalid', jid: undefined, text: result.cause.message };
    case 'sender-unknown':
      return {
        ...{ type: 'notice', about: 'unknown sender', jid: result.stanza?.from },
        text: 'a message of somebody in a room that does not say who it was',
      };
    case 'not-for-this-device': {
      const { jid, deviceId } = result;
      // A device writes no key for itself: its own messages come out of archives (XEP-0384 5.5.2).
      if (jid === own.jid && deviceId === own.deviceId) return undefined;
      const text = 'a message was not encrypted for this device';
      return { type: 'notice', about: 'not for this device', jid, deviceId, text };
    }
    case 'failed': {
      const { jid, deviceId, id, code } = result;
      return { type: 'notice', about: 'unreadable', jid, deviceId, id, text: `a message could not be read: ${code}` };
    }
  }
}

/** A message that came back, or a wish for plain text, or other members: what a person is to know before writing on. */
export function bouncedFact({ id, error, stanza }: AttachedEvents['bounced']): NoticeFact {
  const text = `a message came back: ${error.condition}${error.text === undefined ? '' : `, ${error.text}`}`;
  return { type: 'notice', about: 'not delivered', jid: stanza?.from, id, text };
}

export function optOutFact({ jid, change, by }: OmemoEvents['opt-out']): NoticeFact {
  const reason = by.reason === undefined ? '' : `: ${by.reason}`;
  const text = change === 'asked' ? `${by.jid} asks you to go on without OMEMO${reason}` : `${by.jid} uses OMEMO again`;
  return { type: 'notice', about: 'opt-out', jid, deviceId: by.deviceId, text };
}

export function roomMembersFact({ room, added, removed, state }: OmemoEvents['room-members']): NoticeFact | undefined {
  const changes = [...added.map((jid) => `${jid} is a member now`), ...removed.map((jid) => `${jid} is none any more`)];
  if (state === 'left' || state === 'destroyed') changes.push(state === 'left' ? 'you are out' : 'the room is gone');
  return changes.length === 0 ? undefined : { type: 'notice', about: 'members', jid: room, text: changes.join(', ') };
}

export function troubleFact({ step, cause, jid }: AttachedEvents['trouble']): NoticeFact {
  return { type: 'notice', about: step, jid, text: cause instanceof Error ? cause.message : String(cause) };
}

import type { ReceiveResult } from '@omemo-kit/omemo-core';
import type { Shown } from './chat-device.ts';
import type { Incoming } from './incoming.ts';

type Unreadable = Exclude<ReceiveResult, { type: 'message' | 'device-list' | 'ignored' }>;

/** What a device that runs omemo-kit shows in the place of a message that it has no text of; undefined for nothing. */
export function shownInstead(result: Unreadable, { id, content }: Incoming): Shown | undefined {
  switch (result.type) {
    case 'empty':
      return undefined;
    case 'not-for-this-device':
      // An empty message keeps other devices' sessions going.
      return content === 'text' ? { type: 'not-for-this-device', id } : undefined;
    case 'duplicate':
      return { type: 'duplicate', id };
    case 'invalid':
      return { type: 'failed', id, reason: result.cause.code };
    case 'rejected':
      return { type: 'failed', id, reason: result.reason };
    case 'failed':
      return { type: 'failed', id, reason: result.code };
    default:
      // Nothing of the kind is sent in this story.
      return { type: 'failed', id, reason: result.type };
  }
}

import { sameBytes } from '../records/bytes.ts';
import type { Session } from './session.ts';

/** "When a client receives the first message for a given ratchet key with a counter of 53 or higher" (section 6). */
const HEARTBEAT_AT = 53;

/**
 * Whether the device has written so long without our ratchet turning that an empty message is to turn it: once for each
 * of its ratchet keys (XEP-0384 section 6, S29).
 */
export function owesHeartbeat({ ratchet, heartbeatFor }: Session): boolean {
  const { receivingChain, otherRatchetKey } = ratchet;
  if (receivingChain === undefined || otherRatchetKey === undefined) return false;
  // The chain holds the number of the next message.
  if (receivingChain.messageNumber - 1 < HEARTBEAT_AT) return false;
  return heartbeatFor === undefined || !sameBytes(heartbeatFor, otherRatchetKey);
}

import { concatBytes, sha256 } from '@omemo-kit/primitives';
import type { AccountContext } from '../context.ts';
import { sameBytes, toHex } from '../records/bytes.ts';
import { seenRecord } from '../records/delivery.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';
import type { DeviceAddress } from './addresses.ts';

/**
 * Memory of what was read from a device: hashes of its last 1,000 messages and more. They are spread over 64 records by
 * the hash itself, so that a message reads and writes one small record. Hashes are uniform: that one of the last 1,000
 * finds 40 newer ones in its record has a chance of less than one in ten million.
 */
const BUCKETS = 64;
const BUCKET_SIZE = 40;
const HASH_LENGTH = 16;

export interface MessageHash {
  readonly hash: Uint8Array;
  /** The message's stable id. */
  readonly id: string;
  /** Key of the record that remembers it. */
  readonly key: string;
}

/**
 * The hash of a message: of who sent it and its OMEMOMessage, the bytes that are authenticated. Nothing around them
 * counts, so that no re-encoding of a key exchange or of the outer layer makes a new message of it (S05).
 *
 * @param message a sealed ratchet message
 * @throws WireError
 */
export function messageHash(context: AccountContext, sender: DeviceAddress, message: Uint8Array): MessageHash {
  const address = new TextEncoder().encode(`${context.profile.namespace}\n${sender.jid}\n${sender.deviceId}\n`);
  const authenticated = context.profile.keys.authenticatedPart(message);
  const hash = sha256(concatBytes(address, authenticated)).slice(0, HASH_LENGTH);
  const bucket = (hash[0] as number) % BUCKETS;
  return { hash, id: toHex(hash), key: context.keys.seen(sender.jid, sender.deviceId, bucket) };
}

export async function wasSeen(unit: UnitOfWork, { hash, key }: MessageHash): Promise<boolean> {
  const seen = (await unit.get(seenRecord, key)) ?? [];
  return seen.some((one) => sameBytes(one, hash));
}

export async function remember(unit: UnitOfWork, { hash, key }: MessageHash): Promise<void> {
  const seen = (await unit.get(seenRecord, key)) ?? [];
  unit.put(seenRecord, key, [...seen, hash].slice(-BUCKET_SIZE));
}

import type { DeviceModel } from './prediction/device-model.ts';

/** Identity, bundle with 25 pre-keys, and what else a device has that has met nobody. */
const OWN_BYTES = 12_000;
/** Names and levels of an account's keys, its device list. */
const ACCOUNT_BYTES = 2_000;
/** Five sessions, and the skipped keys of a schedule. */
const PEER_BYTES = 8_000;
/** A hash of a message that was read, and its record where it is alone in it. */
const READ_BYTES = 150;
/** A message that waits for the application. */
const INBOX_BYTES = 1_000;

/** Bytes that a device may store at most, by what it knows: nothing grows with what it has forgotten. */
export function storeBound({ know }: DeviceModel): number {
  return (
    OWN_BYTES +
    ACCOUNT_BYTES * (know.trust.size + 1) +
    PEER_BYTES * know.sessions.size +
    READ_BYTES * know.read.size +
    INBOX_BYTES * know.inbox.size
  );
}

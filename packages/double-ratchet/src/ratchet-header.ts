import { RatchetError } from './ratchet-error.ts';

/** HEADER(dh_pair, pn, n) of the paper. Not secret; the AEAD authenticates it. */
export interface RatchetHeader {
  /** dh: the sender's current ratchet key, 32 bytes. */
  readonly ratchetKey: Uint8Array;
  /** pn: how many messages the sender's previous sending chain had, 0..2^32-1. */
  readonly previousChainLength: number;
  /** n: number of this message in its chain, from 0, at most 2^32-1. */
  readonly messageNumber: number;
}

/** The largest message number a header can carry. */
export const MAX_MESSAGE_NUMBER = 0xffff_ffff;

const RATCHET_KEY_LENGTH = 32;

/** Headers come from a peer: anything but 32 bytes and two 32-bit numbers ends here, before it is used for anything. */
export function requireHeader(header: RatchetHeader): void {
  const { ratchetKey, previousChainLength, messageNumber } = header;
  if (!isBytes(ratchetKey) || ratchetKey.length !== RATCHET_KEY_LENGTH) {
    throw new RatchetError('invalid-header', { details: { field: 'ratchetKey' } });
  }
  if (!isMessageNumber(previousChainLength)) {
    throw new RatchetError('invalid-header', { details: { field: 'previousChainLength' } });
  }
  if (!isMessageNumber(messageNumber)) {
    throw new RatchetError('invalid-header', { details: { field: 'messageNumber' } });
  }
}

function isMessageNumber(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= MAX_MESSAGE_NUMBER;
}

/** Not `instanceof`: the bytes may come from another realm (a frame, a worker, a test runner). */
function isBytes(value: Uint8Array): boolean {
  return Object.prototype.toString.call(value) === '[object Uint8Array]';
}

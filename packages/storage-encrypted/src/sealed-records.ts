import { type Put, type StoredRecord, StoreError } from '@omemo-kit/omemo-core/ports';
import { concatBytes, PrimitivesError, randomBytes, type Secret } from '@omemo-kit/primitives';
import { xchacha20Poly1305Open, xchacha20Poly1305Seal } from '@omemo-kit/primitives/at-rest';
import { FORMAT } from './labels.ts';

const NONCE = 24;
const NAME_LENGTH = 4;
const REVISION = 16;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Where a sealed value lies: everything that an outsider could change about it. */
interface Place {
  readonly hiddenKey: string;
  readonly version: number;
  readonly revision: Uint8Array;
}

/** Nonce, then the sealed length of the name (4 bytes, big-endian), name and value. */
export function sealRecord(valueKey: Secret, put: Put, place: Place): Uint8Array {
  const name = encoder.encode(put.key);
  const length = new Uint8Array(NAME_LENGTH);
  new DataView(length.buffer).setUint32(0, name.length);
  const nonce = randomBytes(NONCE);
  const plaintext = concatBytes(length, name, put.value);
  const sealed = xchacha20Poly1305Seal({ key: valueKey, nonce, plaintext, associatedData: associatedData(place) });
  return concatBytes(nonce, sealed);
}

/**
 * The record as it was put, under its real key.
 * @throws StoreError `corrupt` for whatever was not sealed for exactly this place
 */
export function openRecord(valueKey: Secret, stored: StoredRecord): StoredRecord {
  const { key: hiddenKey, value, version, revision } = stored;
  if (value.length < NONCE || revision.length !== REVISION) throw doesNotOpen();
  let plaintext: Uint8Array;
  try {
    plaintext = xchacha20Poly1305Open({
      key: valueKey,
      nonce: value.subarray(0, NONCE),
      ciphertext: value.subarray(NONCE),
      associatedData: associatedData({ hiddenKey, version, revision }),
    });
  } catch (error) {
    if (!(error instanceof PrimitivesError) || error.code !== 'not-authentic') throw error;
    throw doesNotOpen();
  }
  const end = NAME_LENGTH + new DataView(plaintext.buffer, plaintext.byteOffset).getUint32(0);
  const key = decoder.decode(plaintext.subarray(NAME_LENGTH, end));
  return { key, value: plaintext.slice(end), version, revision };
}

/** Format (1 byte), version (2 bytes, big-endian), revision (16), hidden key: the first three have one length, so nothing shifts. */
function associatedData({ hiddenKey, version, revision }: Place): Uint8Array {
  return concatBytes(Uint8Array.of(FORMAT, version >> 8, version & 0xff), revision, encoder.encode(hiddenKey));
}

function doesNotOpen(): StoreError {
  return new StoreError('corrupt', 'a sealed record was changed, or was put where it does not belong');
}

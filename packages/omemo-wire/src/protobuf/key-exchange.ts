import { limitOf, type WireLimits } from '../limits.ts';
import { StrictReader } from './strict-reader.ts';
import { StrictWriter } from './strict-writer.ts';

const MESSAGE = 'OMEMOKeyExchange';
const KEY_LENGTH = 32;

/** OMEMOKeyExchange (XEP-0384 section 12): the X3DH header of the initiator around an authenticated message. */
export interface KeyExchange {
  /** `pk_id`: the recipient's pre-key that was used, 0..2^32-1. */
  readonly pkId: number;
  /** `spk_id`: the recipient's signed pre-key that was used, 0..2^32-1. */
  readonly spkId: number;
  /** `ik`: the initiator's identity key in its Ed25519 form, 32 bytes, not checked to be a point. */
  readonly ik: Uint8Array;
  /** `ek`: the initiator's ephemeral key, 32 bytes, not checked to be a point. */
  readonly ek: Uint8Array;
  /** An encoded OMEMOAuthenticatedMessage. */
  readonly message: Uint8Array;
}

/** Serializes an OMEMOKeyExchange. Throws `wrong-length`, `integer-out-of-range`. */
export function encodeKeyExchange({ pkId, spkId, ik, ek, message }: KeyExchange): Uint8Array {
  return new StrictWriter(MESSAGE)
    .uint32(1, 'pk_id', pkId)
    .uint32(2, 'spk_id', spkId)
    .fixedBytes(3, 'ik', { value: ik, length: KEY_LENGTH })
    .fixedBytes(4, 'ek', { value: ek, length: KEY_LENGTH })
    .bytes(5, message)
    .finish();
}

/**
 * Reads an OMEMOKeyExchange: fields in any order, unknown ones skipped, each known one exactly once; protobuf's merging
 * of a repeated `message` is therefore refused. `message` is a copy of the bytes as received and is not looked into.
 * Throws a `WireError`.
 */
export function decodeKeyExchange(bytes: Uint8Array, overrides?: Partial<WireLimits>): KeyExchange {
  const reader = new StrictReader(MESSAGE, bytes, limitOf('keyContentBytes', overrides));
  let pkId: number | undefined;
  let spkId: number | undefined;
  let ik: Uint8Array | undefined;
  let ek: Uint8Array | undefined;
  let message: Uint8Array | undefined;
  while (reader.next()) {
    switch (reader.fieldNumber) {
      case 1:
        pkId = reader.uint32('pk_id', pkId);
        break;
      case 2:
        spkId = reader.uint32('spk_id', spkId);
        break;
      case 3:
        ik = reader.fixedBytes('ik', KEY_LENGTH, ik);
        break;
      case 4:
        ek = reader.fixedBytes('ek', KEY_LENGTH, ek);
        break;
      case 5:
        message = reader.bytes('message', message);
        break;
      default:
        reader.skip();
    }
  }
  return {
    pkId: reader.required('pk_id', pkId),
    spkId: reader.required('spk_id', spkId),
    ik: reader.required('ik', ik),
    ek: reader.required('ek', ek),
    message: reader.required('message', message),
  };
}

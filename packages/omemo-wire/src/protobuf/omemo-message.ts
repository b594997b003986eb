import { limitOf, type WireLimits } from '../limits.ts';
import { WireError } from '../wire-error.ts';
import { StrictReader } from './strict-reader.ts';
import { StrictWriter } from './strict-writer.ts';

const MESSAGE = 'OMEMOMessage';
const KEY_LENGTH = 32;
const CIPHER_BLOCK = 16;

/** OMEMOMessage (XEP-0384 section 12): the ratchet header and what it encrypts. */
export interface OmemoMessage {
  /** `n`: number of this message in its sending chain, 0..2^32-1. */
  readonly n: number;
  /** `pn`: messages in the previous sending chain, 0..2^32-1. */
  readonly pn: number;
  /** `dh_pub`: the sender's ratchet key, 32 bytes, not checked to be a point. */
  readonly dhPub: Uint8Array;
  /** AES-256-CBC ciphertext: one or more blocks of 16 bytes. Optional in the schema, required in practice (4.3). */
  readonly ciphertext: Uint8Array;
}

/**
 * Serializes an OMEMOMessage: fields in ascending order, `n` and `pn` also when 0. Serialize once and authenticate
 * exactly these bytes (XEP-0384 4.3). Throws `wrong-length`, `integer-out-of-range`.
 */
export function encodeOmemoMessage({ n, pn, dhPub, ciphertext }: OmemoMessage): Uint8Array {
  checkCiphertext(ciphertext);
  return new StrictWriter(MESSAGE)
    .uint32(1, 'n', n)
    .uint32(2, 'pn', pn)
    .fixedBytes(3, 'dh_pub', { value: dhPub, length: KEY_LENGTH })
    .bytes(4, ciphertext)
    .finish();
}

/**
 * Reads an OMEMOMessage: fields in any order, unknown ones skipped, each known one exactly once. The result shares no
 * memory with the input. Throws a `WireError` for anything else.
 */
export function decodeOmemoMessage(bytes: Uint8Array, overrides?: Partial<WireLimits>): OmemoMessage {
  const reader = new StrictReader(MESSAGE, bytes, limitOf('keyContentBytes', overrides));
  let n: number | undefined;
  let pn: number | undefined;
  let dhPub: Uint8Array | undefined;
  let ciphertext: Uint8Array | undefined;
  while (reader.next()) {
    switch (reader.fieldNumber) {
      case 1:
        n = reader.uint32('n', n);
        break;
      case 2:
        pn = reader.uint32('pn', pn);
        break;
      case 3:
        dhPub = reader.fixedBytes('dh_pub', KEY_LENGTH, dhPub);
        break;
      case 4:
        ciphertext = reader.bytes('ciphertext', ciphertext);
        checkCiphertext(ciphertext);
        break;
      default:
        reader.skip();
    }
  }
  return {
    n: reader.required('n', n),
    pn: reader.required('pn', pn),
    dhPub: reader.required('dh_pub', dhPub),
    ciphertext: reader.required('ciphertext', ciphertext),
  };
}

function checkCiphertext(ciphertext: Uint8Array): void {
  if (ciphertext.length > 0 && ciphertext.length % CIPHER_BLOCK === 0) return;
  throw new WireError('wrong-length', `${MESSAGE}.ciphertext must be one or more blocks of ${CIPHER_BLOCK} bytes`, {
    details: { in: MESSAGE, part: 'ciphertext', actual: ciphertext.length },
  });
}

import { limitOf, type WireLimits } from '../limits.ts';
import { StrictReader } from './strict-reader.ts';
import { StrictWriter } from './strict-writer.ts';

const MESSAGE = 'OMEMOAuthenticatedMessage';
const MAC_LENGTH = 16;

/** OMEMOAuthenticatedMessage: what ENCRYPT results in (XEP-0384 4.3, R35; section 12). */
export interface AuthenticatedMessage {
  /** HMAC-SHA-256 cut to 16 bytes. */
  readonly mac: Uint8Array;
  /** An encoded OMEMOMessage, byte for byte as it was sent: the tag covers these bytes and no re-encoding (X17). */
  readonly message: Uint8Array;
}

/** Serializes an OMEMOAuthenticatedMessage. Throws `wrong-length` for a tag that is not 16 bytes. */
export function encodeAuthenticatedMessage({ mac, message }: AuthenticatedMessage): Uint8Array {
  return new StrictWriter(MESSAGE).fixedBytes(1, 'mac', { value: mac, length: MAC_LENGTH }).bytes(2, message).finish();
}

/**
 * Reads an OMEMOAuthenticatedMessage: fields in any order, unknown ones skipped, each known one exactly once. `message`
 * is a copy and is not looked into: check the tag first, then `decodeOmemoMessage`. Throws a `WireError`.
 */
export function decodeAuthenticatedMessage(bytes: Uint8Array, overrides?: Partial<WireLimits>): AuthenticatedMessage {
  const reader = new StrictReader(MESSAGE, bytes, limitOf('keyContentBytes', overrides));
  let mac: Uint8Array | undefined;
  let message: Uint8Array | undefined;
  while (reader.next()) {
    switch (reader.fieldNumber) {
      case 1:
        mac = reader.fixedBytes('mac', MAC_LENGTH, mac);
        break;
      case 2:
        message = reader.bytes('message', message);
        break;
      default:
        reader.skip();
    }
  }
  return { mac: reader.required('mac', mac), message: reader.required('message', message) };
}

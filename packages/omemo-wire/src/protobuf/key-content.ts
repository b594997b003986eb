import { WireType } from '@bufbuild/protobuf/wire';
import { limitOf, type WireLimits } from '../limits.ts';
import { WireError } from '../wire-error.ts';
import { decodeAuthenticatedMessage } from './authenticated-message.ts';
import { decodeKeyExchange, type KeyExchange } from './key-exchange.ts';
import { StrictReader } from './strict-reader.ts';

const CONTENT = '<key>';

/** What a `<key>` holds. `message` is an encoded OMEMOAuthenticatedMessage either way. */
export type KeyContent =
  | ({ readonly type: 'key-exchange' } & KeyExchange)
  | { readonly type: 'authenticated-message'; readonly message: Uint8Array };

/**
 * Reads the content of a `<key>`. Which of the two messages it is, is told by the wire type of field 1, wherever that
 * field stands: an integer is the `pk_id` of a key exchange, bytes are the `mac` of an authenticated message. The `kex`
 * attribute is not asked: deployed clients omit it on repeated key exchanges (X30, S46). Throws a `WireError`.
 */
export function decodeKeyContent(bytes: Uint8Array, overrides?: Partial<WireLimits>): KeyContent {
  if (firstFieldType(bytes, limitOf('keyContentBytes', overrides)) === WireType.Varint) {
    return { type: 'key-exchange', ...decodeKeyExchange(bytes, overrides) };
  }
  decodeAuthenticatedMessage(bytes, overrides);
  return { type: 'authenticated-message', message: new Uint8Array(bytes) };
}

function firstFieldType(bytes: Uint8Array, sizeLimit: number): WireType {
  const reader = new StrictReader(CONTENT, bytes, sizeLimit);
  while (reader.next()) {
    if (reader.fieldNumber === 1) return reader.wireType;
    reader.skip();
  }
  throw new WireError('missing-field', 'the content of a <key> has no field 1', { details: { in: CONTENT } });
}

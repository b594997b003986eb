import {
  decodeAuthenticatedMessage,
  decodeKeyContent,
  decodeOmemoMessage,
  encodeKeyExchange,
} from '@omemo-kit/omemo-wire';
import type { KeyCodec } from './profile.ts';

/** OMEMOKeyExchange and OMEMOAuthenticatedMessage (XEP-0384 section 12). */
export const keyCodec: KeyCodec = {
  read(bytes) {
    const content = decodeKeyContent(bytes);
    if (content.type === 'authenticated-message') return { type: 'message', message: content.message };
    const { ik, ek, spkId, pkId, message } = content;
    const header = { identityKey: ik, ephemeralKey: ek, signedPreKeyId: spkId, preKeyId: pkId };
    return { type: 'key-exchange', header, message };
  },
  writeKeyExchange({ header, message }) {
    const { identityKey: ik, ephemeralKey: ek, signedPreKeyId: spkId, preKeyId: pkId } = header;
    return encodeKeyExchange({ pkId, spkId, ik, ek, message });
  },
  readHeader(message) {
    const { n, pn, dhPub } = decodeOmemoMessage(decodeAuthenticatedMessage(message).message);
    return { ratchetKey: dhPub, previousChainLength: pn, messageNumber: n };
  },
  authenticatedPart: (message) => decodeAuthenticatedMessage(message).message,
};

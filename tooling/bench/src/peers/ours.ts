import {
  type Aead,
  needsSkippedLookup,
  type RatchetState,
  ratchetDecrypt,
  ratchetEncrypt,
  SkippedMessageKeys,
} from '@omemo-kit/double-ratchet';
import { identityKeyPairFromSeed, randomBytes, recallEd25519PublicKey } from '@omemo-kit/primitives';
import { type Bundle, generatePreKeys, generateSignedPreKey } from '@omemo-kit/x3dh';
import { asReceived, type FirstMessage, readFirst, sendFirst } from '../jobs/first-message.ts';
import { bundleOf, createPeer, type Peer } from '../jobs/peer.ts';
import { parameters } from '../jobs/profile.ts';
import type { Implementation } from './implementation.ts';

interface Session {
  state: RatchetState;
  readonly associatedData: Uint8Array;
  readonly skipped: SkippedMessageKeys;
}

type Message = Pick<FirstMessage, 'header' | 'message'> & Partial<FirstMessage>;

/** omemo-kit itself, sessions held in memory; first messages have their fields at fixed places. @param aead seals the others */
export const oursWith = (aead: Aead): Implementation<Peer, Bundle, Session, Message> => ({
  createDevice: async (preKeys) => createPeer(preKeys),
  bundleOf: async (device) => bundleOf(device),
  async begin(sender, bundle, plaintext) {
    const known = recallEd25519PublicKey(bundle.identityKey);
    const message = sendFirst({ sender, bundle, known, plaintext });
    return { session: sessionOf(message), message };
  },
  async accept(recipient, first) {
    if (first.keyExchange === undefined) throw new TypeError('no first message');
    const keyExchange = asReceived(first.keyExchange);
    const known = recallEd25519PublicKey(keyExchange.identityKey);
    const read = readFirst({ recipient, first, keyExchange, known });
    return { session: sessionOf(read), plaintext: read.plaintext };
  },
  async encrypt(session, plaintext) {
    const { state, associatedData } = session;
    const sealed = ratchetEncrypt({ state, plaintext, associatedData, aead, parameters });
    session.state = sealed.state;
    return sealed;
  },
  async decrypt(session, { header, message }) {
    const { state, associatedData, skipped } = session;
    const skippedMessageKey = needsSkippedLookup(state, header) ? skipped.find(header) : undefined;
    const read = ratchetDecrypt({ state, header, message, associatedData, aead, parameters, skippedMessageKey });
    session.state = read.state;
    skipped.apply(read);
    return read.plaintext;
  },
  async renewPreKeys() {
    const identityKeyPair = identityKeyPairFromSeed(randomBytes(32));
    generateSignedPreKey({ id: 1, identityKeyPair });
    generatePreKeys({ firstId: 1, count: 100 });
  },
});

function sessionOf({ state, associatedData }: Pick<Session, 'state' | 'associatedData'>): Session {
  return { state, associatedData, skipped: new SkippedMessageKeys() };
}

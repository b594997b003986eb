import { type IdentityKeyPair, identityKeyPairFromSeed, randomBytes } from '@omemo-kit/primitives';
import {
  type Bundle,
  generatePreKeys,
  generateSignedPreKey,
  type PreKeyPair,
  type SignedPreKeyPair,
} from '@omemo-kit/x3dh';

/** A device whose keys are all ready. */
export interface Peer {
  readonly identityKeyPair: IdentityKeyPair;
  readonly signedPreKey: SignedPreKeyPair;
  readonly preKeys: readonly PreKeyPair[];
}

export function createPeer(preKeyCount: number): Peer {
  const identityKeyPair = identityKeyPairFromSeed(randomBytes(32));
  return {
    identityKeyPair,
    signedPreKey: generateSignedPreKey({ id: 1, identityKeyPair }),
    preKeys: generatePreKeys({ firstId: 1, count: preKeyCount }),
  };
}

/** Its bundle as it comes from the network: new arrays each time, about which nothing is remembered. */
export function bundleOf({ identityKeyPair, signedPreKey, preKeys }: Peer): Bundle {
  return {
    identityKey: new Uint8Array(identityKeyPair.publicKey),
    signedPreKey: {
      id: signedPreKey.id,
      publicKey: new Uint8Array(signedPreKey.keyPair.publicKey),
      signature: new Uint8Array(signedPreKey.signature),
    },
    preKeys: preKeys.map(({ id, keyPair }) => ({ id, publicKey: new Uint8Array(keyPair.publicKey) })),
  };
}

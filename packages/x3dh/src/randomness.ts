import { randomBytes, randomInteger } from '@omemo-kit/primitives';
import type { PreKey } from './bundle.ts';
import { X3dhError } from './x3dh-error.ts';

/** Everything random in X3DH, each draw by its name, so that a recorded run can be repeated byte for byte. */
export interface X3dhRandomness {
  /** 32 bytes, the private half of a signed pre-key. */
  signedPreKey(): Uint8Array;
  /** 32 bytes, the private half of a pre-key. */
  preKey(): Uint8Array;
  /** 64 bytes, drawn only when the identity signs with XEdDSA. */
  signatureNonce(): Uint8Array;
  /** 32 bytes, the private half of the ephemeral key. */
  ephemeralKey(): Uint8Array;
  /** One element of the list, which is never empty. */
  choosePreKey(preKeys: readonly PreKey[]): PreKey;
}

/** The draws of `initiate`. */
export type InitiatorRandomness = Pick<X3dhRandomness, 'ephemeralKey' | 'choosePreKey'>;

/** The generator of the platform. A pre-key is chosen uniformly: a biased choice lets senders collide on a key. */
export const systemRandomness: X3dhRandomness = {
  signedPreKey: () => randomBytes(32),
  preKey: () => randomBytes(32),
  signatureNonce: () => randomBytes(64),
  ephemeralKey: () => randomBytes(32),
  choosePreKey(preKeys) {
    const chosen = preKeys.length === 0 ? undefined : preKeys[randomInteger(preKeys.length)];
    if (chosen === undefined) {
      throw new X3dhError('no-pre-keys');
    }
    return chosen;
  },
};

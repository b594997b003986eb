import {
  type Bundle,
  generatePreKeys,
  generateSignedPreKey,
  type PreKeyPair,
  type X3dhRandomness,
} from '@omemo-kit/x3dh';
import type { Limits } from '../limits.ts';
import type { BundleRecord } from '../records/bundle.ts';
import { sameBytes } from '../records/bytes.ts';
import type { IdentityRecord } from '../records/identity.ts';

interface Making {
  readonly identity: Pick<IdentityRecord, 'identityKeyPair'>;
  readonly randomness: X3dhRandomness;
  readonly now: number;
}

/** Where the ids of a new bundle begin: above every one that was given before. */
export type FirstIds = Pick<BundleRecord, 'nextPreKeyId' | 'nextSignedPreKeyId'>;

const FROM_ONE: FirstIds = { nextPreKeyId: 1, nextSignedPreKeyId: 1 };

/** A first bundle: one signed pre-key and a full set of pre-keys, around 100 (XEP-0384 4.2, R04; 5.3.2, R60, R64). */
export function newBundle(
  { identity, randomness, limits, now }: Making & { readonly limits: Limits },
  first: FirstIds = FROM_ONE,
): {
  bundle: BundleRecord;
  preKeys: readonly PreKeyPair[];
} {
  const { identityKeyPair } = identity;
  const signedPreKey = generateSignedPreKey({ id: first.nextSignedPreKeyId, identityKeyPair, randomness });
  const preKeys = generatePreKeys({ firstId: first.nextPreKeyId, count: limits.preKeys, randomness });
  return {
    bundle: {
      signedPreKey: { ...signedPreKey, createdAt: now },
      previousSignedPreKeys: [],
      nextSignedPreKeyId: first.nextSignedPreKeyId + 1,
      nextPreKeyId: first.nextPreKeyId + limits.preKeys,
      preKeys: preKeys.map(published),
      retained: [],
      dirty: true,
      usedSincePublished: 0,
      publicationsWholeAt: 0,
    },
    preKeys,
  };
}

export interface UsedPreKey {
  readonly bundle: BundleRecord;
  /** Takes the used one's place in the published bundle. */
  readonly replacement: PreKeyPair | undefined;
  /** Its private half is to be deleted with this commit. */
  readonly removed: boolean;
}

export interface PreKeyUse {
  readonly preKeyId: number;
  /** Of the session that the key exchange built. */
  readonly sessionId: Uint8Array;
  /** Keep the private half, if the memory of so many uses has room for this one. */
  readonly retain: 'no' | { readonly maxUses: number };
}

/**
 * The bundle after a key exchange used a pre-key: it is published no more and a fresh one takes its place (XEP-0384
 * 5.6). Live, its private half goes at once; during catch-up it stays until that ends, with the session made with it
 * remembered, so that a second sender's message on it can be read and a replay cannot (XEP-0384 section 6, S14, S15).
 * Where that memory is full it goes at once after all (section 8).
 */
export function usePreKey(bundle: BundleRecord, use: PreKeyUse, randomness: X3dhRandomness): UsedPreKey {
  const { preKeyId, sessionId } = use;
  const uses = bundle.retained.reduce((sum, { usedBy }) => sum + usedBy.length, 0);
  const retain = use.retain !== 'no' && uses < use.retain.maxUses;
  const retained = bundle.retained.find(({ id }) => id === preKeyId);
  if (retained !== undefined && !retain) {
    const others = bundle.retained.filter((one) => one !== retained);
    return { bundle: { ...bundle, retained: others }, replacement: undefined, removed: true };
  }
  if (retained !== undefined) {
    const again = { id: preKeyId, usedBy: [...retained.usedBy, sessionId] };
    const others = bundle.retained.map((one) => (one === retained ? again : one));
    return { bundle: { ...bundle, retained: others }, replacement: undefined, removed: false };
  }
  const [replacement] = generatePreKeys({ firstId: bundle.nextPreKeyId, count: 1, randomness });
  const left = bundle.preKeys.filter(({ id }) => id !== preKeyId);
  return {
    bundle: {
      ...bundle,
      preKeys: replacement === undefined ? left : [...left, published(replacement)],
      nextPreKeyId: bundle.nextPreKeyId + 1,
      retained: retain ? [...bundle.retained, { id: preKeyId, usedBy: [sessionId] }] : bundle.retained,
      dirty: true,
      usedSincePublished: bundle.usedSincePublished + 1,
    },
    replacement,
    removed: !retain,
  };
}

/** Whether this very key exchange was read before, as far as its pre-key is still kept. */
export function isReplay(bundle: BundleRecord, preKeyId: number, sessionId: Uint8Array): boolean {
  const retained = bundle.retained.find(({ id }) => id === preKeyId);
  return retained?.usedBy.some((used) => sameBytes(used, sessionId)) ?? false;
}

/** What is published: the identity key always in its Ed25519 form (XEP-0384 4.2, R13). */
export function publicBundle(identity: IdentityRecord, bundle: BundleRecord): Bundle {
  const { id, keyPair, signature } = bundle.signedPreKey;
  return {
    identityKey: identity.identityKeyPair.publicKey,
    signedPreKey: { id, publicKey: keyPair.publicKey, signature },
    preKeys: bundle.preKeys,
  };
}

function published({ id, keyPair }: PreKeyPair) {
  return { id, publicKey: keyPair.publicKey };
}

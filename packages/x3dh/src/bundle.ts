import {
  type Curve,
  constantTimeEqual,
  type Ed25519PublicKey,
  importX25519PublicKey,
  type X25519PublicKey,
} from '@omemo-kit/primitives';
import { platformCurve } from './platform-curve.ts';
import { refuseAs } from './refuse-as.ts';
import { X3dhError } from './x3dh-error.ts';

/** OPK as a peer publishes it: 32 bytes that nobody has looked at yet. */
export interface PreKey {
  readonly id: number;
  readonly publicKey: Uint8Array;
}

/** What a peer publishes, as it came from the network. */
export interface Bundle {
  /** IK in Ed25519 form, 32 bytes. */
  readonly identityKey: Uint8Array;
  /** SPK, 32 bytes, with Sig(IK, SPK), 64 bytes. */
  readonly signedPreKey: { readonly id: number; readonly publicKey: Uint8Array; readonly signature: Uint8Array };
  readonly preKeys: readonly PreKey[];
}

const verified: unique symbol = Symbol('verified bundle');

/** A bundle whose keys are well-formed and whose signature holds. Only {@link verifyBundle} makes one. */
export interface VerifiedBundle {
  readonly [verified]: true;
  readonly identityKey: Ed25519PublicKey;
  readonly signedPreKey: { readonly id: number; readonly publicKey: X25519PublicKey };
  /** At least one; ids are distinct. */
  readonly preKeys: readonly PreKey[];
}

/**
 * Checks a bundle before any Diffie-Hellman touches it (X3DH 3.3): every key canonical and of no small order, the
 * identity key of prime order, the signature strict Ed25519 over the raw 32 bytes of SPK, at least one pre-key, no id twice. All bytes are copied.
 *
 * Not checked: whether the identity key is the one that the caller trusts, and how old the signed pre-key is.
 *
 * @param known an identity key that was imported before: when the bundle carries the same bytes, the costly check of
 *   the point is not repeated. Another key in the bundle is no error here.
 * @param curve computes the same as `@omemo-kit/primitives`, its default; or has computed it ahead.
 * @throws {X3dhError} `invalid-identity-key`, `invalid-signed-pre-key`, `invalid-signature`, `no-pre-keys`,
 *   `invalid-pre-key` or `duplicate-pre-key-id`.
 */
export function verifyBundle(bundle: Bundle, known?: Ed25519PublicKey, curve: Curve = platformCurve): VerifiedBundle {
  const identityKey = importIdentityKey(bundle.identityKey, known, curve);
  const { id, publicKey, signature } = bundle.signedPreKey;
  const signedPreKey = refuseAs('invalid-signed-pre-key', () => importX25519PublicKey(publicKey));
  const signed = { publicKey: identityKey, message: signedPreKey, signature };
  if (!refuseAs('invalid-signature', () => curve.verify(signed))) throw new X3dhError('invalid-signature');
  return {
    [verified]: true,
    identityKey,
    signedPreKey: { id, publicKey: signedPreKey },
    preKeys: checkPreKeys(bundle.preKeys),
  };
}

/** IK: a key that equals one imported before is that one; any other is imported. */
export function importIdentityKey(
  bytes: Uint8Array,
  known: Ed25519PublicKey | undefined,
  curve: Curve = platformCurve,
): Ed25519PublicKey {
  return refuseAs('invalid-identity-key', () =>
    known !== undefined && constantTimeEqual(known, bytes) ? known : curve.importEd25519PublicKey(bytes),
  );
}

/** Refuses what only looks like a verified bundle, which is possible from plain JavaScript. */
export function requireVerified(bundle: VerifiedBundle): void {
  if (bundle[verified] !== true) {
    throw new X3dhError('unverified-bundle');
  }
}

function checkPreKeys(preKeys: readonly PreKey[]): readonly PreKey[] {
  if (preKeys.length === 0) {
    throw new X3dhError('no-pre-keys');
  }
  const ids = new Set<number>();
  return preKeys.map(({ id, publicKey }) => {
    if (ids.has(id)) {
      throw new X3dhError('duplicate-pre-key-id', { details: { id } });
    }
    ids.add(id);
    return { id, publicKey: refuseAs('invalid-pre-key', () => importX25519PublicKey(publicKey)) };
  });
}

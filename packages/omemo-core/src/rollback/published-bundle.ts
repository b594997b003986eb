import { type Bundle, verifyBundle, X3dhError } from '@omemo-kit/x3dh';
import { storedIdentity } from '../account/identity.ts';
import { publishedBundle } from '../bundles/published-bundle.ts';
import type { AccountContext } from '../context.ts';
import { type BundleRecord, bundleRecord } from '../records/bundle.ts';
import { sameBytes } from '../records/bytes.ts';
import { markRolledBack } from './mark.ts';

/**
 * Compares the store with its witness on the server: a published bundle of this device, its signed pre-key signed by its
 * own identity key, with keys that the store never made. Ids only grow, so that whoever made them was this device later than the store
 * remembers (S28). A copy from before the last change of the bundle is told, one from after it is not: for that there is
 * `RollbackCounter`.
 *
 * @throws OmemoError `store-rolled-back`, noted in the store; TransportError when the server could not be asked.
 */
export async function checkPublishedBundle(context: AccountContext, signal?: AbortSignal): Promise<void> {
  const { announcedAt, deviceId, identityKeyPair } = await context.transact(
    (unit) => storedIdentity(context, unit),
    signal,
  );
  if (announcedAt === undefined) return;
  // Before the store is read: another process may publish a newer bundle meanwhile, and has committed it by then.
  const published = await publishedBundle(context, deviceId, signal);
  if (
    published !== undefined &&
    sameBytes(published.identityKey, identityKeyPair.publicKey) &&
    isAuthentic(published)
  ) {
    const own = await context.transact((unit) => unit.get(bundleRecord, context.keys.bundle), signal);
    if (own !== undefined && !wasMadeHere(own, published)) {
      throw await markRolledBack(context, 'published-bundle', signal);
    }
  }
  context.witness.asked = true;
}

/** Whether every key of the published bundle can have come from this store. */
function wasMadeHere(own: BundleRecord, published: Bundle): boolean {
  const signed = published.signedPreKey;
  if (signed.id >= own.nextSignedPreKeyId) return false;
  const known = [own.signedPreKey, ...own.previousSignedPreKeys].find(({ id }) => id === signed.id);
  if (known !== undefined && !sameBytes(known.keyPair.publicKey, signed.publicKey)) return false;
  return published.preKeys.every(({ id, publicKey }) => {
    const ours = own.preKeys.find((key) => key.id === id);
    return id < own.nextPreKeyId && (ours === undefined || sameBytes(ours.publicKey, publicKey));
  });
}

/**
 * Without the identity key's signature on its signed pre-key a bundle is no witness. Ids and single pre-keys are not
 * signed: a hostile server can have a store refused, as it can refuse everything else, and cannot have one accepted.
 */
function isAuthentic(bundle: Bundle): boolean {
  try {
    verifyBundle(bundle);
    return true;
  } catch (error) {
    if (error instanceof X3dhError) return false;
    throw error;
  }
}

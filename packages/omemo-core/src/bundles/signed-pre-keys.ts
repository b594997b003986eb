import { generateSignedPreKey, type X3dhRandomness } from '@omemo-kit/x3dh';
import type { BundleRecord, DatedSignedPreKey } from '../records/bundle.ts';
import type { IdentityRecord } from '../records/identity.ts';

/** Signed pre-keys kept beside the current one, however often it is replaced by hand. */
const MAX_PREVIOUS = 5;

interface Making {
  readonly identity: Pick<IdentityRecord, 'identityKeyPair'>;
  readonly randomness: X3dhRandomness;
  readonly now: number;
}

/**
 * The bundle with a fresh signed pre-key. The old one is kept for one more period (XEP-0384 4.2), which begins when the
 * bundle with the fresh one is published: until then it is the old one that others use.
 */
export function withRotatedSignedPreKey(bundle: BundleRecord, { identity, randomness, now }: Making): BundleRecord {
  const { identityKeyPair } = identity;
  const fresh = generateSignedPreKey({ id: bundle.nextSignedPreKeyId, identityKeyPair, randomness });
  const previous = [...bundle.previousSignedPreKeys, { ...bundle.signedPreKey, replacedAt: undefined }];
  return {
    ...bundle,
    signedPreKey: { ...fresh, createdAt: now },
    previousSignedPreKeys: previous.slice(-MAX_PREVIOUS),
    nextSignedPreKeyId: bundle.nextSignedPreKeyId + 1,
    dirty: true,
  };
}

/**
 * The bundle as it is to be at this time: a signed pre-key that served its period is replaced, one that was kept for a
 * period more is forgotten (XEP-0384 4.2, S18). Nothing is replaced twice before it was published, or a device without a
 * connection would forget the one that the server shows. A time that is still to come, of a clock that was put
 * back, is taken for now, or its key would stay for ever.
 *
 * @returns the same object when nothing is due.
 */
export function withSignedPreKeysAt(bundle: BundleRecord, making: Making & { readonly period: number }): BundleRecord {
  const { now, period } = making;
  const dated = withoutFutureTimes(bundle, now);
  const kept = dated.previousSignedPreKeys.filter(({ replacedAt }) => !isOver(replacedAt, { now, period }));
  const current =
    kept.length === dated.previousSignedPreKeys.length ? dated : { ...dated, previousSignedPreKeys: kept };
  const unpublished = kept.some(({ replacedAt }) => replacedAt === undefined);
  if (unpublished || !isOver(current.signedPreKey.createdAt, { now, period })) return current;
  return withRotatedSignedPreKey(current, making);
}

/** When there is next something to do for `withSignedPreKeysAt`; undefined while that waits for a publication. */
export function signedPreKeysDueAt(bundle: BundleRecord, period: number): number | undefined {
  const { signedPreKey, previousSignedPreKeys } = bundle;
  const times = previousSignedPreKeys.map(({ replacedAt }) => replacedAt);
  const published = times.filter((time) => time !== undefined);
  const since = published.length === times.length ? [...published, signedPreKey.createdAt] : published;
  return since.length === 0 ? undefined : Math.min(...since) + period;
}

/** The bundle once the server shows it: the period of those that it replaced begins. */
export function withReplacedSince(bundle: BundleRecord, now: number): BundleRecord {
  if (bundle.previousSignedPreKeys.every(({ replacedAt }) => replacedAt !== undefined)) return bundle;
  const previousSignedPreKeys = bundle.previousSignedPreKeys.map((key) => ({
    ...key,
    replacedAt: key.replacedAt ?? now,
  }));
  return { ...bundle, previousSignedPreKeys };
}

/** The signed pre-key of this id, unless its time is over: also before upkeep has forgotten it. */
export function findSignedPreKey(
  bundle: BundleRecord,
  id: number,
  time: { readonly now: number; readonly period: number },
): DatedSignedPreKey | undefined {
  if (bundle.signedPreKey.id === id) return bundle.signedPreKey;
  const previous = bundle.previousSignedPreKeys.find((key) => key.id === id);
  return previous === undefined || isOver(previous.replacedAt, time) ? undefined : previous;
}

function isOver(since: number | undefined, { now, period }: { readonly now: number; readonly period: number }) {
  return since !== undefined && now - since >= period;
}

function withoutFutureTimes(bundle: BundleRecord, now: number): BundleRecord {
  const { signedPreKey, previousSignedPreKeys } = bundle;
  const ahead = (time: number | undefined) => time !== undefined && time > now;
  if (!ahead(signedPreKey.createdAt) && !previousSignedPreKeys.some(({ replacedAt }) => ahead(replacedAt)))
    return bundle;
  return {
    ...bundle,
    signedPreKey: ahead(signedPreKey.createdAt) ? { ...signedPreKey, createdAt: now } : signedPreKey,
    previousSignedPreKeys: previousSignedPreKeys.map((key) =>
      ahead(key.replacedAt) ? { ...key, replacedAt: now } : key,
    ),
  };
}

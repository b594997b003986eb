import { systemRandomness } from '@omemo-kit/x3dh';
import { describe, expect, test } from 'vitest';
import { isReplay, newBundle, type PreKeyUse, usePreKey } from '../../src/bundles/own-bundle.ts';
import { defaultLimits } from '../../src/limits.ts';
import { filled, identity } from '../samples.ts';

const making = { identity: { identityKeyPair: identity }, randomness: systemRandomness, now: 1 };
const fresh = () => newBundle({ ...making, limits: { ...defaultLimits, preKeys: 25 } }).bundle;
const use = (preKeyId: number, retain: PreKeyUse['retain'] = 'no', sessionId = filled(32, preKeyId)) => ({
  ...{ preKeyId, sessionId, retain },
});
const kept = { maxUses: 1_000 };

describe('the own bundle', () => {
  test('is full from the start, with ids from 1', () => {
    expect(fresh().preKeys.map(({ id }) => id)).toEqual(Array.from({ length: 25 }, (_, index) => index + 1));
    expect(fresh()).toMatchObject({ nextPreKeyId: 26, nextSignedPreKeyId: 2, dirty: true, retained: [] });
  });

  test('never gives a pre-key id twice, and stays full, over 1,000 uses (S13, R05)', () => {
    let bundle = fresh();
    const given = new Set(bundle.preKeys.map(({ id }) => id));
    for (let n = 0; n < 1_000; n++) {
      const { id } = bundle.preKeys[(n * 7) % 25]!;
      const used = usePreKey(bundle, use(id), systemRandomness);
      expect(used.removed).toBe(true);
      expect(given.has(used.replacement!.id)).toBe(false);
      given.add(used.replacement!.id);
      bundle = used.bundle;
      expect(bundle.preKeys).toHaveLength(25);
      expect(bundle.preKeys.some((one) => one.id === id)).toBe(false);
    }
    expect(given.size).toBe(1_025);
  });

  test('during catch-up keeps what was used, and tells a replay from a second sender (S14, S15)', () => {
    const first = usePreKey(fresh(), use(3, kept), systemRandomness);
    expect(first).toMatchObject({ removed: false, bundle: { retained: [{ id: 3 }], dirty: true } });
    expect(isReplay(first.bundle, 3, filled(32, 3))).toBe(true);
    expect(isReplay(first.bundle, 3, filled(32, 99))).toBe(false);
    expect(isReplay(first.bundle, 4, filled(32, 3))).toBe(false);
    const second = usePreKey(first.bundle, use(3, kept, filled(32, 99)), systemRandomness);
    expect(second.replacement).toBeUndefined();
    expect(second.removed).toBe(false);
    expect(isReplay(second.bundle, 3, filled(32, 99))).toBe(true);
    expect(isReplay(second.bundle, 3, filled(32, 3))).toBe(true);
  });

  test('remembers so many uses of retained pre-keys, and retains nothing beyond (R111, S14)', () => {
    const two = { maxUses: 2 };
    const first = usePreKey(fresh(), use(3, two), systemRandomness);
    const second = usePreKey(first.bundle, use(3, two, filled(32, 99)), systemRandomness);
    expect(second.removed).toBe(false);
    // A fresh one goes at once, as section 8 allows; so does a retained one that is used once more.
    const third = usePreKey(second.bundle, use(4, two), systemRandomness);
    expect(third).toMatchObject({ removed: true, bundle: { retained: [{ id: 3 }] } });
    const fourth = usePreKey(third.bundle, use(3, two, filled(32, 98)), systemRandomness);
    expect(fourth).toMatchObject({ removed: true, replacement: undefined, bundle: { retained: [] } });
  });
});

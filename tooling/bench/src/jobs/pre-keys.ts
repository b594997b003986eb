import { equal } from 'node:assert/strict';
import { identityKeyPairFromSeed, randomBytes } from '@omemo-kit/primitives';
import { type Bundle, generatePreKeys, generateSignedPreKey, verifyBundle } from '@omemo-kit/x3dh';
import type { Job } from './job.ts';
import { bundleOf } from './peer.ts';

const PRE_KEYS = 100;

/** (e): the keys of a new bundle. */
export function preKeysJob(): Job {
  const identityKeyPair = identityKeyPairFromSeed(randomBytes(32));
  return {
    id: 'e',
    title: '100 pre-keys, a signed one, the bundle',
    unit: 'set of pre-keys',
    step: 1,
    prepare(units) {
      const bundles: Bundle[] = [];
      return {
        run() {
          for (let count = 0; count < units; count++) {
            const signedPreKey = generateSignedPreKey({ id: 1, identityKeyPair });
            const preKeys = generatePreKeys({ firstId: 1, count: PRE_KEYS });
            bundles.push(bundleOf({ identityKeyPair, signedPreKey, preKeys }));
          }
        },
        check() {
          equal(bundles.length, units);
          for (const bundle of bundles) equal(verifyBundle(bundle, identityKeyPair.publicKey).preKeys.length, PRE_KEYS);
        },
      };
    },
  };
}

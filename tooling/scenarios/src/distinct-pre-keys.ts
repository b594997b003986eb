import { type Randomness, systemRandomness } from '@omemo-kit/omemo-core';

/**
 * Takes another pre-key each time, so that two sessions under way at once do not need the same one: that race is the
 * protocol's and has a test of its own.
 */
export function distinctPreKeys(): Randomness {
  let next = 0;
  return {
    ...systemRandomness,
    choosePreKey: (keys) => keys[next++ % keys.length] ?? systemRandomness.choosePreKey(keys),
  };
}

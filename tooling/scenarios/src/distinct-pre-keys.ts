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

/**
 * The same for all clients of a world: none of them takes a pre-key that another one has taken. With the 25 that bundles have
 * here two would meet in every twenty-fifth test that has two sessions under way at once.
 */
export function preKeysTakenOnce(): Randomness {
  const taken = new Set<string>();
  return {
    ...systemRandomness,
    choosePreKey: (keys) => {
      const free = keys.filter(({ publicKey }) => !taken.has(publicKey.join()));
      const chosen = systemRandomness.choosePreKey(free.length > 0 ? free : keys);
      taken.add(chosen.publicKey.join());
      return chosen;
    },
  };
}

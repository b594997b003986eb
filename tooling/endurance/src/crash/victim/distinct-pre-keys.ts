import { type Randomness, systemRandomness } from '@omemo-kit/omemo-core';

/**
 * Takes another pre-key of a bundle each time, beginning at one of them: two key exchanges on one pre-key are a race that
 * the protocol has, and not what is looked for here.
 */
export function distinctPreKeys(first = 0): Randomness {
  let next = first;
  return {
    ...systemRandomness,
    choosePreKey: (keys) => keys[next++ % keys.length] ?? systemRandomness.choosePreKey(keys),
  };
}

import { omemo2 } from '@omemo-kit/omemo-core';
import { parseBundle, parseXml } from '@omemo-kit/omemo-wire';
import type { IdentityKeyPair } from '@omemo-kit/primitives';
import { x25519KeyPair } from '@omemo-kit/primitives';
import {
  type Initiation,
  initiate,
  type PreKey,
  systemRandomness,
  verifyBundle,
  type X3dhRandomness,
} from '@omemo-kit/x3dh';
import type { Comparison } from './comparison.ts';
import { FormatError } from './format-error.ts';
import { toHex } from './hex.ts';
import type { Recorded } from './recorded.ts';

/**
 * A recorded key agreement (`ek_priv`, `pk`, `spk`, `shared_secret`, ...) made again with the initiator's identity and
 * the recipient's published bundle, and every recorded value of it compared.
 */
export function compareAgreement(
  compare: Comparison,
  recorded: Recorded,
  { identityKeyPair, bundleXml }: { readonly identityKeyPair: IdentityKeyPair; readonly bundleXml: string },
): Initiation {
  const { ik, spkId, spk, spks, preKeys } = parseBundle(parseXml(bundleXml));
  const agreed = initiate({
    identityKeyPair,
    bundle: verifyBundle({ identityKey: ik, signedPreKey: { id: spkId, publicKey: spk, signature: spks }, preKeys }),
    info: omemo2.keyExchangeInfo,
    randomness: recordedRandomness(recorded),
  });
  const { header } = agreed;
  compare.member(recorded, 'ik_own', header.identityKey);
  compare.member(recorded, 'ik_other', ik);
  compare.member(recorded, 'ek', header.ephemeralKey);
  compare.member(recorded, 'ek', x25519KeyPair(recorded.get('ek_priv').bytes()).publicKey);
  compare.value('pk_id', header.preKeyId, recorded.get('pk_id').count());
  compare.member(recorded, 'pk', agreed.preKey);
  compare.value('spk_id', header.signedPreKeyId, recorded.get('spk_id').count());
  compare.member(recorded, 'spk', agreed.signedPreKey);
  compare.member(recorded, 'shared_secret', agreed.sharedSecret.expose());
  compare.member(recorded, 'associated_data', agreed.associatedData);
  return agreed;
}

function recordedRandomness(recorded: Recorded): X3dhRandomness {
  return {
    ...systemRandomness,
    ephemeralKey: () => recorded.get('ek_priv').bytes(),
    choosePreKey: (preKeys) => chosenPreKey(preKeys, recorded.get('pk').text()),
  };
}

/** The pre-key of a bundle with this public key, in hex. */
function chosenPreKey(preKeys: readonly PreKey[], publicKey: string): PreKey {
  const chosen = preKeys.find((preKey) => toHex(preKey.publicKey) === publicKey);
  if (chosen === undefined) throw new FormatError(`the chosen pre key ${publicKey} is not in the bundle`);
  return chosen;
}

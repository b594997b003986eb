import {
  identityKeyPairFromScalar,
  identityKeyPairFromSeed,
  importEd25519PublicKey,
  PrimitivesError,
  sign,
  verify,
} from '@omemo-kit/primitives';
import { caseKind } from '../kind.ts';
import type { Recorded } from '../recorded.ts';

/** Ed25519 signatures from a seed, XEdDSA signatures from a scalar and a nonce, and what must verify or not. */
export const signatures = caseKind({
  name: 'signatures',
  cases: ['seed_signature', 'scalar_signature'],
  check(entry, { compare }) {
    const message = entry.get('message').bytes();
    const fromSeed = identityKeyPairFromSeed(entry.get('seed').bytes());
    const fromScalar = identityKeyPairFromScalar(entry.get('scalar').bytes());
    compare.member(entry, 'scalar', fromSeed.x25519.privateKey.expose());
    compare.member(entry, 'ed25519', fromSeed.publicKey);
    compare.bytes('ed25519 from scalar', fromScalar.publicKey, entry.get('ed25519').bytes());
    const nonce = () => entry.get('nonce').bytes();
    compare.member(entry, 'seed_signature', sign({ identityKeyPair: fromSeed, message, nonce }));
    compare.member(entry, 'scalar_signature', sign({ identityKeyPair: fromScalar, message, nonce }));
    for (const [index, attempt] of entry.get('verify').items().entries()) {
      compare.value(`verify ${index} (${attempt.get('what').text()})`, verifies(attempt), attempt.get('valid').flag());
    }
  },
});

/** A key that cannot be imported verifies nothing. */
function verifies(attempt: Recorded): boolean {
  try {
    const publicKey = importEd25519PublicKey(attempt.get('key').bytes());
    return verify({
      publicKey,
      message: attempt.get('message').bytes(),
      signature: attempt.get('signature').bytes(),
    });
  } catch (error) {
    if (error instanceof PrimitivesError) return false;
    throw error;
  }
}

import {
  ed25519ToX25519,
  identityKeyPairFromScalar,
  identityKeyPairFromSeed,
  x25519ToEd25519,
} from '@omemo-kit/primitives';
import { fingerprintOf } from '../fingerprint.ts';
import { fromHex, toHex } from '../hex.ts';
import { caseKind } from '../kind.ts';

/** Order of the base point (RFC 8032 5.1). */
const L = 2n ** 252n + 27742317777372353535851937790883648493n;

/** Seed, scalar, both public forms and the ways between them. */
export const identities = caseKind({
  name: 'identities',
  cases: ['seed', 'curve_to_ed_sign_0'],
  check(entry, { compare }) {
    const fromSeed = identityKeyPairFromSeed(entry.get('seed').bytes());
    const scalar = fromSeed.x25519.privateKey.expose();
    compare.member(entry, 'scalar', scalar);
    compare.member(entry, 'ed25519', fromSeed.publicKey);
    compare.member(entry, 'curve25519', fromSeed.x25519.publicKey);
    compare.bytes('curve25519 from ed25519', ed25519ToX25519(fromSeed.publicKey), entry.get('curve25519').bytes());
    const ownSign = fromSeed.publicKey[31]! >> 7;
    compare.value('sign_bit', ownSign, entry.get('sign_bit').count());
    const groups = entry.get('fingerprint').items();
    compare.value('fingerprint', fingerprintOf(fromSeed.publicKey), groups.map((group) => group.text()).join(' '));

    const fromScalar = identityKeyPairFromScalar(entry.get('scalar').bytes());
    compare.bytes('ed25519 from scalar', fromScalar.publicKey, entry.get('ed25519').bytes());
    compare.bytes('curve25519 from scalar', fromScalar.x25519.publicKey, entry.get('curve25519').bytes());
    for (const signBit of [0, 1] as const) {
      compare.member(entry, `curve_to_ed_sign_${signBit}`, x25519ToEd25519(fromSeed.x25519.publicKey, signBit));
      // The packages never force a sign (the identity keeps its own); the recording is still held to what it says.
      compare.member(entry, `scalar_forced_sign_${signBit}`, signBit === ownSign ? scalar : negated(scalar));
    }
  },
});

function negated(scalar: Uint8Array): Uint8Array {
  const value = BigInt(`0x${toHex(scalar.toReversed())}`);
  const digits = (L - (value % L)).toString(16).padStart(64, '0');
  return fromHex(digits)!.reverse();
}

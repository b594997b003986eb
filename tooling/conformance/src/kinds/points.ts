import { ed25519ToX25519, importEd25519PublicKey, Secret, x25519 } from '@omemo-kit/primitives';
import { caseKind } from '../kind.ts';
import { judge } from '../verdict.ts';

/** Ed25519 encodings as identity keys, and X25519 with keys of small order or not canonical. */
export const points = caseKind({
  name: 'points',
  cases: ['kind', 'bytes', 'expect'],
  async check(entry, { compare, replay }) {
    const bytes = entry.get('bytes').bytes();
    const verdict = { expect: entry.get('expect').oneOf('accept', 'refuse', 'either'), compare, replay };
    if (entry.get('kind').oneOf('ed25519', 'x25519') === 'ed25519') {
      await judge({
        ...verdict,
        attempt: () => importEd25519PublicKey(bytes),
        accepted: (key) => compare.member(entry, 'to_curve25519', ed25519ToX25519(key)),
      });
      return;
    }
    const scalar = new Secret(entry.get('scalar').bytes());
    await judge({
      ...verdict,
      attempt: () => x25519(scalar, bytes),
      accepted: (shared) => compare.member(entry, 'shared', shared.expose()),
    });
  },
});

import { type Curve, importEd25519PublicKey, verify, x25519, x25519KeyPair } from '@omemo-kit/primitives';

/** The curve as the platform has it: computed when it is asked. */
export const platformCurve: Curve = { importEd25519PublicKey, verify, x25519, x25519KeyPair };

import { type IdentityKeyPair, identityKeyPairFromScalar, identityKeyPairFromSeed } from '@omemo-kit/primitives';
import { corrupt } from './byte-stream.ts';
import { mapped, oneOf, optional, recordCodec, secret, struct, text, u32, u53 } from './codec.ts';

/** Who this device is. Written once, when the device is made; only `announced` and `label` change. */
export interface IdentityRecord {
  readonly jid: string;
  readonly deviceId: number;
  readonly identityKeyPair: IdentityKeyPair;
  /** Shown to contacts once it is published with its signature (XEP-0384 5.3.1). */
  readonly label: string | undefined;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** When the device id was found to be free and first published; undefined before (XEP-0384 section 6). */
  readonly announcedAt: number | undefined;
}

const identityKeyPair = mapped(
  struct({ form: oneOf('seed', 'scalar'), key: secret }),
  ({ form, key }) => {
    const pair = form === 'seed' ? identityKeyPairFromSeed(key) : identityKeyPairFromScalar(key);
    // Scalars are stored clamped: other bytes were never written.
    if (!pair.secret.equals(key)) throw corrupt('holds an identity key that is none');
    return pair;
  },
  (pair: IdentityKeyPair) => ({ form: pair.form, key: pair.secret }),
);

export const identityRecord = recordCodec<IdentityRecord>(
  1,
  struct<IdentityRecord>({
    jid: text,
    deviceId: u32,
    identityKeyPair,
    label: optional(text),
    createdAt: u53,
    announcedAt: optional(u53),
  }),
  { keep: true },
);

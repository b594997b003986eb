import { type IdentityKeyPair, identityKeyPairFromScalar, identityKeyPairFromSeed } from '@omemo-kit/primitives';
import { type RollbackWitness, rollbackWitnesses } from '../rollback/witness.ts';
import { corrupt } from './byte-stream.ts';
import { list, mapped, oneOf, optional, recordCodec, secret, struct, text, u32, u53 } from './codec.ts';

/** Who this device is. */
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
  /** Ids this device had before it was restored or healed: to be taken off the device list, with their bundles. */
  readonly formerDeviceIds: readonly number[];
  /** Set while the store is known to be an old copy: nothing is read or sent with it until it is healed (S28). */
  readonly rolledBack: RollbackWitness | undefined;
  readonly standing: Standing;
}

/**
 * Whether the account uses OMEMO on this device. `withdrawing`: the user has deactivated it, and the device list and the
 * bundle may still show it; `deactivated`: they do not (XEP-0384 section 6).
 */
export const standings = ['active', 'withdrawing', 'deactivated'] as const;
export type Standing = (typeof standings)[number];

/** Of either form: the choice between Ed25519 and Curve25519 with XEdDSA is a device's own (XEP-0384 4.2, R12). */
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

/**
 * Its version is the generation of the whole account: it is raised whenever the layout of any record is. Every operation
 * reads this record, so that older code is refused before it writes anything, also while it runs.
 */
export const identityRecord = recordCodec<IdentityRecord>(
  1,
  struct<IdentityRecord>({
    jid: text,
    deviceId: u32,
    identityKeyPair,
    label: optional(text),
    createdAt: u53,
    announcedAt: optional(u53),
    formerDeviceIds: list(u32),
    rolledBack: optional(oneOf(...rollbackWitnesses)),
    standing: oneOf(...standings),
  }),
  { keep: true },
);

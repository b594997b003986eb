import { type Ed25519PublicKey, importEd25519PublicKey } from '@omemo-kit/primitives';
import type { AccountContext } from '../context.ts';
import { OmemoError } from '../errors.ts';
import { type TrustLevel, trustLevels, trustRecord } from '../records/trust.ts';
import { noKeys, withDecision } from './known-keys.ts';

export interface TrustDecision {
  /** Bare JID: trust in a key holds for one account only. */
  readonly jid: string;
  /** 32 Ed25519 bytes. */
  readonly identityKey: Uint8Array;
  readonly level: TrustLevel;
}

/**
 * Remembers what was decided about an identity key of an account.
 *
 * @throws OmemoError `invalid-argument` for bytes that are no identity key, or no level.
 */
export async function decideTrust(context: AccountContext, decision: TrustDecision, signal?: AbortSignal) {
  if (!trustLevels.includes(decision.level)) throw new OmemoError('invalid-argument', 'there is no such trust level');
  const identityKey = checkedKey(decision.identityKey);
  const key = context.keys.trust(decision.jid);
  await context.transact(async (unit) => {
    const record = (await unit.get(trustRecord, key)) ?? noKeys;
    unit.put(trustRecord, key, withDecision(record, { identityKey, level: decision.level, now: context.now() }));
  }, signal);
}

function checkedKey(identityKey: Uint8Array): Ed25519PublicKey {
  try {
    return importEd25519PublicKey(identityKey);
  } catch (cause) {
    throw new OmemoError('invalid-argument', 'these bytes are no identity key', { cause });
  }
}

import type { Secret, X25519KeyPair, X25519PublicKey } from '@omemo-kit/primitives';
import type { HeldMessageKey } from './message-key.ts';

/** One symmetric-key chain: its key and the number of the next message. */
export interface ChainState {
  /** CKs or CKr, 32 bytes. */
  readonly key: Secret;
  /** Ns or Nr: number of the next message of the chain. */
  readonly messageNumber: number;
}

/**
 * One party's half of a session: plain data that no function of this package modifies. Whoever stores it stores every
 * field; skipped message keys are records apart, so its size does not depend on the peer.
 */
export interface RatchetState {
  /** RK, 32 bytes. */
  readonly rootKey: Secret;
  /** DHs */
  readonly ownRatchetKey: X25519KeyPair;
  /** DHr; undefined for a recipient that has read nothing yet. */
  readonly otherRatchetKey: X25519PublicKey | undefined;
  /** CKs, Ns; undefined for a recipient that has read nothing yet. */
  readonly sendingChain: ChainState | undefined;
  /** CKr, Nr; undefined for an initiator that has read nothing yet. */
  readonly receivingChain: ChainState | undefined;
  /** PN: how many messages the sending chain before this one had. */
  readonly previousChainLength: number;
  /** Key of index pn of the receiving chain that was left last, until it is used or the next DH step comes. */
  readonly heldMessageKey: HeldMessageKey | undefined;
  /** How many keys of MKSKIPPED the caller stores. A caller that deletes some on its own account lowers it by as many. */
  readonly skippedCount: number;
  /** Sequence number that the next skipped message key gets. */
  readonly skippedSequence: number;
}

import type { Aead } from './aead.ts';
import { deriveChainKeys } from './key-derivation.ts';
import { RatchetError } from './ratchet-error.ts';
import { MAX_MESSAGE_NUMBER, type RatchetHeader } from './ratchet-header.ts';
import type { RatchetParameters } from './ratchet-parameters.ts';
import type { RatchetState } from './ratchet-state.ts';

/** A sealed message and the state after it. */
export interface RatchetEncryption {
  /** Must be durable before `message` leaves: the same message key would seal the next message otherwise. */
  readonly state: RatchetState;
  readonly header: RatchetHeader;
  /** What the AEAD made. */
  readonly message: Uint8Array;
}

/**
 * RatchetEncrypt of the paper (3.4).
 *
 * @param options.associatedData AD of the session, the same bytes on both sides.
 * @throws {RatchetError} `no-sending-chain` for a recipient that has read nothing yet; `chain-exhausted` after
 *   2^32 messages without an answer. What the AEAD throws passes through.
 */
export function ratchetEncrypt(options: {
  readonly state: RatchetState;
  readonly plaintext: Uint8Array;
  readonly associatedData: Uint8Array;
  readonly aead: Aead;
  readonly parameters: RatchetParameters;
}): RatchetEncryption {
  const { state, plaintext, associatedData, aead } = options;
  const { sendingChain } = state;
  if (sendingChain === undefined) {
    throw new RatchetError('no-sending-chain');
  }
  const { key, messageNumber } = sendingChain;
  if (messageNumber > MAX_MESSAGE_NUMBER) {
    throw new RatchetError('chain-exhausted');
  }
  const header = {
    // A copy: what a caller does to the header must not reach the state.
    ratchetKey: state.ownRatchetKey.publicKey.slice(),
    previousChainLength: state.previousChainLength,
    messageNumber,
  };
  const { messageKey, chainKey } = deriveChainKeys(key);
  const message = aead.seal({ messageKey, header, plaintext, associatedData });
  return {
    state: { ...state, sendingChain: { key: chainKey, messageNumber: messageNumber + 1 } },
    header,
    message,
  };
}

import type { ChainState, HeldMessageKey, RatchetState } from '../src/index.ts';
import { hex } from './hex.ts';

export interface PlainState {
  readonly rootKey: string;
  readonly ownPrivate: string;
  readonly ownPublic: string;
  readonly other: string | null;
  readonly sending: { readonly key: string; readonly n: number } | null;
  readonly receiving: { readonly key: string; readonly n: number } | null;
  readonly previousChainLength: number;
  readonly held: string | null;
  readonly skippedCount: number;
  readonly skippedSequence: number;
}

/** A state with its secrets laid open: a comparison of `Secret` objects would compare nothing. */
export function plainState(state: RatchetState): PlainState {
  return {
    rootKey: hex(state.rootKey.expose()),
    ownPrivate: hex(state.ownRatchetKey.privateKey.expose()),
    ownPublic: hex(state.ownRatchetKey.publicKey),
    other: state.otherRatchetKey === undefined ? null : hex(state.otherRatchetKey),
    sending: plainChain(state.sendingChain),
    receiving: plainChain(state.receivingChain),
    previousChainLength: state.previousChainLength,
    held: state.heldMessageKey === undefined ? null : plainKey(state.heldMessageKey),
    skippedCount: state.skippedCount,
    skippedSequence: state.skippedSequence,
  };
}

/** `ratchet key:n:message key`. */
export function plainKey({ ratchetKey, messageNumber, messageKey }: HeldMessageKey): string {
  return `${hex(ratchetKey)}:${messageNumber}:${hex(messageKey.expose())}`;
}

function plainChain(chain: ChainState | undefined): { key: string; n: number } | null {
  return chain === undefined ? null : { key: hex(chain.key.expose()), n: chain.messageNumber };
}

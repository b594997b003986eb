import type { KeyOnWire } from '../key-on-wire.ts';

export interface SkipLimits {
  readonly maxSkip: number;
  readonly maxStored: number;
}

/** Which message keys of one session a reader still has: the Double Ratchet without its cryptography. */
export interface Chains {
  readonly current: string | undefined;
  /** Number of the next message of the current chain. */
  readonly next: number;
  /** Chains that came before it. */
  readonly closed: readonly string[];
  /** Messages that were passed over, by ratchet key and number, oldest first. */
  readonly skipped: readonly string[];
}

export const noChains: Chains = { current: undefined, next: 0, closed: [], skipped: [] };

export type Reading = { readonly chains: Chains } | 'key-used' | 'too-many-skipped' | 'not-authentic';

/** What reading one message does to them, or why it cannot be read. */
export function readIn(chains: Chains, key: Pick<KeyOnWire, 'ratchetKey' | 'n' | 'pn'>, limits: SkipLimits): Reading {
  const { ratchetKey, n, pn } = key;
  const name = `${ratchetKey} ${n}`;
  if (chains.skipped.includes(name)) {
    return { chains: { ...chains, skipped: chains.skipped.filter((one) => one !== name) } };
  }
  // Nobody can tell it from a new one before its keys fail.
  if (chains.closed.includes(ratchetKey)) return n > limits.maxSkip ? 'too-many-skipped' : 'not-authentic';
  const turned = ratchetKey !== chains.current;
  const from = turned ? 0 : chains.next;
  if (n < from) return 'key-used';
  if (n - from > limits.maxSkip) return 'too-many-skipped';
  const late = turned && chains.current !== undefined ? namesOf(chains.current, chains.next, pn) : [];
  // More of the old chain than may be kept is given up, and the new one read all the same.
  const kept = late.length > limits.maxSkip ? [] : late;
  const skipped = [...chains.skipped, ...kept, ...namesOf(ratchetKey, from, n)].slice(-limits.maxStored);
  const closed = turned && chains.current !== undefined ? [...chains.closed, chains.current] : chains.closed;
  return { chains: { current: ratchetKey, next: n + 1, closed, skipped } };
}

function namesOf(ratchetKey: string, from: number, end: number): string[] {
  return Array.from({ length: Math.max(0, end - from) }, (_, index) => `${ratchetKey} ${from + index}`);
}

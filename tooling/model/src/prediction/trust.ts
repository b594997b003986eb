import type { TrustLevel } from '@omemo-kit/omemo-core/records';
import type { PolicyName } from '../setup.ts';

/** What a device decided about the identity keys of one account, in the order it met them. */
export type KnownKeys = ReadonlyMap<string, TrustLevel>;

/** The keys after some were met at the same time; each is judged by what was known before. */
export function afterMeeting(known: KnownKeys, met: readonly string[], policy: PolicyName): KnownKeys {
  const unknown = met.filter((key) => !known.has(key));
  if (unknown.length === 0) return known;
  const level = firstLevel(known, policy);
  return new Map([...known, ...unknown.map((key) => [key, level] as const)]);
}

function firstLevel(known: KnownKeys, policy: PolicyName): TrustLevel {
  switch (policy) {
    case 'manual':
      return 'undecided';
    case 'first-use':
      return known.size === 0 ? 'trusted' : 'undecided';
    case 'blind':
      return [...known.values()].includes('verified') ? 'undecided' : 'trusted';
  }
}

export function isTrusted(level: TrustLevel | undefined): boolean {
  return level === 'trusted' || level === 'verified';
}

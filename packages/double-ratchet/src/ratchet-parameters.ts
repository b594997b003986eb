import { RatchetError } from './ratchet-error.ts';

/** What two parties have to agree on (`rootKeyInfo`), and how much a peer may make us do (the limits). */
export interface RatchetParameters {
  /** The info of HKDF in KDF_RK: names the application. */
  readonly rootKeyInfo: Uint8Array;
  /** MAX_SKIP: how many messages of one chain a single message may jump over; 1,000 is customary. */
  readonly maxSkip: number;
  /** How many skipped message keys a session keeps; the oldest go first. 1,000 is customary. */
  readonly maxStoredSkipped: number;
}

/** A limit that is no number would compare as "never reached", so it is refused, not trusted. */
export function requireLimits(parameters: RatchetParameters): void {
  for (const limit of ['maxSkip', 'maxStoredSkipped'] as const) {
    const value = parameters[limit];
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new RatchetError('invalid-argument', { details: { argument: limit } });
    }
  }
}

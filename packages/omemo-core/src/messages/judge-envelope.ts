import { type BareJid, bareJidOf, parseEnvelope, WireError } from '@omemo-kit/omemo-wire';
import type { RejectionReason } from './results.ts';

/** The stanza around an envelope, as far as the envelope has to agree with it. */
export interface Around {
  readonly from: BareJid;
  /** Whom it was addressed to: the room, where there is one. */
  readonly to: BareJid;
  readonly room: BareJid | undefined;
}

/**
 * Compares the envelope's affixes with the stanza around it (XEP-0420 section 4, X34, X35): `from` is the sender, `to`
 * whom the stanza was addressed to, and in a room `to` must be there and be the room, so that a server cannot turn a
 * message to a room into a private one or back (XEP-0384 5.5.1, R78, S38). Resources are not compared: who sends writes bare
 * JIDs, and a carbon copy has another one. Padding may be of any length (R75), or missing (X03).
 */
export function judgeEnvelope(plaintext: Uint8Array, around: Around): RejectionReason | undefined {
  try {
    const { from, to } = parseEnvelope(plaintext);
    if (from !== undefined && bareJidOf(from) !== around.from) return 'from-mismatch';
    if (to !== undefined && bareJidOf(to) !== around.to) return 'to-mismatch';
    if (to === undefined && around.room !== undefined) return 'to-missing';
    return undefined;
  } catch (error) {
    if (error instanceof WireError) return 'malformed-envelope';
    throw error;
  }
}

import { constantTimeEqual } from '@omemo-kit/primitives';
import { OmemoError } from '../errors.ts';
import type { ProtocolProfile } from '../profile/profile.ts';
import type { FailureCode } from './results.ts';

export type OpenedContent =
  | { readonly type: 'content'; readonly payload: Uint8Array }
  | { readonly type: 'empty'; readonly payload: undefined }
  | { readonly type: 'failed'; readonly code: FailureCode; readonly cause?: unknown };

/**
 * Opens what the ratchet delivered (XEP-0384 5.6, R94; 4.5): with a payload it must be the payload's key and tag,
 * without one the zeros of an empty message. The crossed forms are refused: zeros would be a key everybody knows (S32),
 * and a key without payload means that somebody took the payload away (S33). Nothing is consumed then, so that the whole
 * message can still come.
 */
export function openContent(
  profile: ProtocolProfile,
  keyMaterial: Uint8Array,
  ciphertext: Uint8Array | undefined,
): OpenedContent {
  if (ciphertext === undefined) {
    const empty = constantTimeEqual(keyMaterial, profile.emptyKeyMaterial);
    return empty ? { type: 'empty', payload: undefined } : { type: 'failed', code: 'payload-missing' };
  }
  try {
    return { type: 'content', payload: profile.openPayload({ keyMaterial, ciphertext }) };
  } catch (cause) {
    if (cause instanceof OmemoError && cause.code === 'not-authentic') {
      return { type: 'failed', code: 'not-authentic', cause };
    }
    throw cause;
  }
}

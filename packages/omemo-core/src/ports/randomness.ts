import type { RatchetRandomness } from '@omemo-kit/double-ratchet';
import { randomBytes, randomInteger } from '@omemo-kit/primitives';
import { type X3dhRandomness, systemRandomness as x3dhRandomness } from '@omemo-kit/x3dh';

/**
 * Every random draw of omemo-core by name. The default draws from the platform's CSPRNG; tests that replay recordings
 * hand in their own. It is a constructor argument only: nothing global can be replaced (S64).
 */
export interface Randomness extends X3dhRandomness, RatchetRandomness {
  /** 32 bytes: the Ed25519 seed of a new identity. */
  identitySeed(): Uint8Array;
  /** 1 to 2^31 - 1 (XEP-0384 5.1). */
  deviceId(): number;
  /** 32 bytes, fresh for every message (XEP-0384 4.4). */
  payloadKey(): Uint8Array;
  /** Text of the envelope's padding, 0 to 200 characters (XEP-0420, S65). */
  padding(): string;
  /** 16 bytes: the id of a commit. */
  commitId(): Uint8Array;
  /** Stanza id of an outgoing message, unique for ever. */
  messageId(): string;
  /** 0 to below 1, to spread out retries. */
  jitter(): number;
}

const PADDING_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const MAX_PADDING = 200;

export const systemRandomness: Randomness = {
  ...x3dhRandomness,
  ratchetKey: () => randomBytes(32),
  identitySeed: () => randomBytes(32),
  deviceId: () => 1 + randomInteger(0x7fff_ffff),
  payloadKey: () => randomBytes(32),
  padding: () => randomText(randomInteger(MAX_PADDING + 1)),
  commitId: () => randomBytes(16),
  messageId: () => randomText(22),
  jitter: () => randomInteger(0x1_0000) / 0x1_0000,
};

function randomText(length: number): string {
  let text = '';
  // 64 characters: six bits of a byte choose one without bias.
  for (const byte of randomBytes(length)) text += PADDING_ALPHABET[byte & 63];
  return text;
}

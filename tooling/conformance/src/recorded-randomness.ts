import { type Randomness, systemRandomness } from '@omemo-kit/omemo-core';
import type { PreKey } from '@omemo-kit/x3dh';
import type { Comparison } from './comparison.ts';
import { FormatError } from './format-error.ts';
import { toHex } from './hex.ts';
import type { Recorded } from './recorded.ts';

interface Draw {
  readonly purpose: string;
  readonly value: Recorded;
  used: boolean;
}

/** The purposes that recordings know. */
const PURPOSES = [
  'payload_key',
  'ephemeral_key_priv',
  'chosen_pre_key_pub',
  'ratchet_priv',
  'pre_key_priv',
  'signed_pre_key_priv',
  'signature_nonce',
  'identity_key_seed',
  'device_id_minus_1',
];

/**
 * The random source of a replayed device: what a step draws is what was recorded for it, by purpose and in order. What
 * was not recorded comes from the system, as when a kept session reads what the recording refused.
 *
 * A message to many devices may serve them in another order than the recording: the pre-key chosen tells which device
 * it is, and the draws that follow it belong to that one.
 */
export class RecordedRandomness {
  #draws: Draw[] = [];
  #from = 0;

  /** For `Omemo.open`. */
  readonly source: Randomness = {
    ...systemRandomness,
    payloadKey: () => this.#bytes('payload_key') ?? systemRandomness.payloadKey(),
    ephemeralKey: () => this.#bytes('ephemeral_key_priv') ?? systemRandomness.ephemeralKey(),
    ratchetKey: () => this.#bytes('ratchet_priv') ?? systemRandomness.ratchetKey(),
    preKey: () => this.#bytes('pre_key_priv') ?? systemRandomness.preKey(),
    signedPreKey: () => this.#bytes('signed_pre_key_priv') ?? systemRandomness.signedPreKey(),
    signatureNonce: () => this.#bytes('signature_nonce') ?? systemRandomness.signatureNonce(),
    choosePreKey: (preKeys) => this.#chosen(preKeys) ?? systemRandomness.choosePreKey(preKeys),
    // No padding and a clock that stands still: a step does the same every time.
    padding: () => '',
    jitter: () => 0,
  };

  /** From here on these draws are given out. */
  begin(draws: readonly Recorded[]): void {
    this.#from = 0;
    this.#draws = draws.map((draw) => {
      const purpose = draw.get('purpose').text();
      if (!PURPOSES.includes(purpose)) throw new FormatError(`${draw.place}.purpose ${purpose} is not known`);
      return { purpose, value: draw.get('value'), used: false };
    });
  }

  /** Whatever was recorded as drawn has to be drawn. @param purposes only these, all by default */
  compareUnused(compare: Comparison, purposes: readonly string[] = PURPOSES): void {
    const unused = this.#draws.filter(({ used, purpose }) => !used && purposes.includes(purpose));
    compare.value('recorded draws that were not asked for', unused.map(({ purpose }) => purpose).join(', '), '');
  }

  #bytes(purpose: string): Uint8Array | undefined {
    const isNext = (draw: Draw) => draw.purpose === purpose && !draw.used;
    const draw = this.#draws.slice(this.#from).find(isNext) ?? this.#draws.find(isNext);
    if (draw === undefined) return undefined;
    draw.used = true;
    return draw.value.bytes();
  }

  #chosen(preKeys: readonly PreKey[]): PreKey | undefined {
    for (const [index, draw] of this.#draws.entries()) {
      if (draw.purpose !== 'chosen_pre_key_pub' || draw.used) continue;
      const chosen = preKeys.find(({ publicKey }) => toHex(publicKey) === draw.value.text());
      if (chosen === undefined) continue;
      draw.used = true;
      this.#from = index;
      return chosen;
    }
    return undefined;
  }
}

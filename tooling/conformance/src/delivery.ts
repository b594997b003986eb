import type { Omemo } from '@omemo-kit/omemo-core';
import type { Comparison } from './comparison.ts';
import type { XmlElement } from './encrypted-xml.ts';
import type { Replay } from './kind.ts';
import type { ReplayedDevice } from './replayed-device.ts';
import type { Expectation } from './verdict.ts';

type Result = Awaited<ReturnType<Omemo['decryptPayload']>>;

/** What becomes of a message that is delivered to a device of ours. */
export interface Delivery {
  readonly result: Result;
  /** Keys of the records that it changed. */
  readonly changed: readonly string[];
}

export async function deliver(device: ReplayedDevice, from: string, encrypted: XmlElement): Promise<Delivery> {
  const before = device.records.snapshot();
  const result = await device.decrypt(from, encrypted);
  return { result, changed: device.records.changedSince(before) };
}

/** It was not read: it failed, was malformed, or was read before. */
export function isRefused({ type }: Result): boolean {
  return type === 'failed' || type === 'invalid' || type === 'duplicate';
}

/** Notes every byte that a refusal changed: there must be none. */
export function compareUnchanged(compare: Comparison, { changed }: Delivery): void {
  if (changed.length > 0) compare.differ(`a refusal changed ${changed.join(', ')}`);
}

/**
 * Notes where what was read is not the recorded content; `undefined` stands for an empty message. Answers whether
 * anything was read.
 */
export function compareContent(compare: Comparison, { result }: Delivery, plaintext: Uint8Array | undefined): boolean {
  if (result.type === 'message') compare.bytes('plaintext', result.payload, plaintext);
  else if (result.type === 'empty') compare.bytes('plaintext', undefined, plaintext);
  else compare.differ(`${describe(result)}, recorded is ok`);
  return result.type === 'message' || result.type === 'empty';
}

/**
 * Holds a delivery against what a case demands: accepted means read with the recorded plaintext, refused means not read
 * and not a byte stored otherwise than before.
 */
export function judgeDelivery(
  delivery: Delivery,
  demand: {
    readonly expect: Expectation;
    readonly plaintext: Uint8Array;
    readonly compare: Comparison;
    readonly replay: Replay;
  },
): void {
  const { result } = delivery;
  const { expect, plaintext, compare, replay } = demand;
  if (!isRefused(result)) {
    if (expect === 'refuse') compare.differ(`${describe(result)}, recorded is refuse`);
    if (expect === 'either') replay.deviation('either is allowed, accepted here');
    compareContent(compare, delivery, plaintext);
    return;
  }
  if (expect === 'accept') compare.differ(`${describe(result)}, recorded is accept`);
  if (expect === 'either') replay.deviation('either is allowed, refused here');
  if (expect === 'refuse' && result.type === 'duplicate')
    replay.deviation('refused in the recording, a duplicate here');
  compareUnchanged(compare, delivery);
}

/** What became of a delivery, with why. */
function describe(result: Result): string {
  return result.type === 'failed' ? `failed (${result.code})` : result.type;
}

import { RatchetError } from '@omemo-kit/double-ratchet';
import { OmemoError } from '@omemo-kit/omemo-core';
import { WireError } from '@omemo-kit/omemo-wire';
import { PrimitivesError } from '@omemo-kit/primitives';
import { X3dhError } from '@omemo-kit/x3dh';
import type { Comparison } from './comparison.ts';
import type { Replay } from './kind.ts';
import { explain } from './report.ts';

const TYPED_ERRORS = [PrimitivesError, X3dhError, RatchetError, WireError, OmemoError] as const;

/** A refusal is a typed error of one of the packages. A TypeError, say, is a crash and no refusal. */
function isRefusal(error: unknown): boolean {
  return TYPED_ERRORS.some((type) => error instanceof type);
}

export type Expectation = 'accept' | 'refuse' | 'either';

/**
 * Runs an attempt and holds its outcome against what the recording demands. `accepted` compares the result where it
 * was accepted, `refused` what else must hold after a refusal.
 */
export async function judge<Result>(options: {
  readonly expect: Expectation;
  readonly compare: Comparison;
  readonly replay: Replay;
  attempt(): Result | Promise<Result>;
  accepted?(result: Result): unknown;
  refused?(): unknown;
}): Promise<void> {
  const { expect, compare, replay } = options;
  let result: Result;
  try {
    result = await options.attempt();
  } catch (error) {
    if (!isRefusal(error)) compare.differ(`crashed instead of refusing: ${explain(error)}`);
    if (expect === 'accept') compare.differ(`refused, recorded is accept: ${explain(error)}`);
    if (expect === 'either') replay.deviation('either is allowed, refused here');
    await options.refused?.();
    return;
  }
  if (expect === 'refuse') {
    compare.differ('accepted, recorded is refuse');
    return;
  }
  if (expect === 'either') replay.deviation('either is allowed, accepted here');
  await options.accepted?.(result);
}

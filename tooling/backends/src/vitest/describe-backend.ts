import { describe, it } from 'vitest';
import { BackendUnavailableError } from './backend-unavailable-error.ts';

/** Whether a backend can be used on this machine, and if not, what it is called, why, and what installs it. */
export type BackendAvailability =
  | { readonly available: true }
  | { readonly available: false; readonly name: string; readonly reason: string; readonly install: string };

/**
 * `describe` for tests that need a backend. Where it is missing, the block is reported as skipped, with name, reason and
 * install line in its title; with `OMEMO_REQUIRE_PEERS=1` it fails instead, so that CI cannot lose it unnoticed.
 */
export function describeBackend(availability: BackendAvailability, title: string, block: () => void): void {
  const require = process.env['OMEMO_REQUIRE_PEERS'] === '1' ? 'required' : 'optional';
  const plan = planBlock({ title, availability, require });
  if (plan.run === 'failure') {
    describe(plan.title, () => {
      it(`needs ${plan.backend}`, () => {
        throw new BackendUnavailableError(plan.failure);
      });
    });
  } else {
    describe.skipIf(plan.run === 'nothing')(plan.title, block);
  }
}

/** @internal What {@link describeBackend} does with a block. */
export type BlockPlan =
  | { readonly run: 'block' | 'nothing'; readonly title: string }
  | { readonly run: 'failure'; readonly title: string; readonly backend: string; readonly failure: string };

/** @internal */
export function planBlock(options: {
  readonly title: string;
  readonly availability: BackendAvailability;
  readonly require: 'required' | 'optional';
}): BlockPlan {
  const { title, availability, require } = options;
  if (availability.available) return { run: 'block', title };
  const { name, reason, install } = availability;
  const missing = `${name} is missing: ${reason}; to install it: ${install}`;
  if (require === 'required') return { run: 'failure', title, backend: name, failure: missing };
  return { run: 'nothing', title: `${title} [${missing}]` };
}

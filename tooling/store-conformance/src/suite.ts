import { describe, it } from 'vitest';
import { storeChecks } from './checks.ts';
import type { StoreConformanceOptions } from './options.ts';
import { applies, runStoreCheck } from './store-check.ts';

/**
 * Declares a vitest suite with one test for every rule of the Store port. Tests of what the store does not offer are
 * reported as skipped, by name; those of what it lacks by its kind are left out.
 */
export function storeConformance(options: StoreConformanceOptions): void {
  describe(options.name, () => {
    for (const check of storeChecks) {
      if (check.needs.some((capability) => options.lacks?.includes(capability))) continue;
      const test = () => runStoreCheck(check, options);
      it.skipIf(!applies(check, options))(check.name, test, options.timeout ?? 60_000);
    }
  });
}

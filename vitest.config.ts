import { globSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { RunNotes } from './tooling/checks/src/vitest/run-notes.ts';
import { seedOf } from './tooling/checks/src/vitest/seed.ts';

// Tests run from the sources: the condition selects `src` in every workspace package, so no build is needed.
const conditions = ['@omemo-kit/source', 'node', 'import', 'module', 'default'];

// Vitest hands these to Node, which adds `import` or `require` itself: told `import` for both, it gives a module of `pg` to a
// `require` that cannot use it.
const nodeConditions = ['@omemo-kit/source', 'node'];

// Drawn once a run, so that every worker has the same.
const seed = seedOf(process.env['OMEMO_SEED']);

const include = ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts', 'tooling/*/test/**/*.test.ts'];
const exclude = ['**/node_modules/**', '**/dist/**'];

// Loading the same modules for each of some three hundred files takes a quarter of the time, so that files share them; but for
// those that put something in the place of a module, which has to come before it is loaded.
const mocking = globSync(include, {
  cwd: import.meta.dirname,
  exclude: (name) => name.endsWith('node_modules'),
}).filter((file) => readFileSync(new URL(file, import.meta.url), 'utf8').includes('vi.mock('));

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions: nodeConditions, externalConditions: nodeConditions } },
  test: {
    projects: [
      { extends: true, test: { name: 'sharing', include, exclude: [...exclude, ...mocking], isolate: false } },
      { extends: true, test: { name: 'mocking', include: mocking, exclude } },
    ],
    pool: 'threads',
    // One more than cores: many tests wait for processes, browsers and servers (168 s instead of 244 s on two cores).
    maxWorkers: availableParallelism() + 1,
    testTimeout: 60_000,
    env: { OMEMO_SEED: String(seed) },
    setupFiles: ['tooling/checks/src/vitest/fixed-seed.ts'],
    reporters: ['default', new RunNotes(seed)],
  },
});

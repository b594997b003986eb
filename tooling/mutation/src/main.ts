import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type CoverageRow, readCoverage } from '@omemo-kit/checks/coverage-rows';
import { draw } from './draw.ts';
import type { Mutant } from './mutant.ts';
import { mutants } from './mutants/index.ts';
import { TreeCopy } from './tree-copy.ts';
import { type Verdict, verdictOn } from './verdict.ts';

const usage = `Usage: pnpm mutation [--seed N] [--rows N] [--only ROW,...] [--all]

Takes rules of XEP-0384 out of the code, one at a time and in a copy of the tree, and runs the tests that SPEC-COVERAGE.md
or THREAT-MODEL.md cite for them: one must fail. By default 30 rows drawn by seed 1.`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    rows: { type: 'string', default: '30' },
    only: { type: 'string' },
    all: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(usage);
else process.exitCode = await run(join(import.meta.dirname, '..', '..', '..'));

async function run(root: string): Promise<0 | 1> {
  const coverage = await readCoverage(root);
  await using copy = await TreeCopy.of(root);
  const counts = { noticed: 0, survived: 0, unclear: 0 };
  for (const mutant of chosen()) {
    const row = coverage.find(({ rows }) => rows.includes(mutant.row));
    const verdict = row === undefined ? unclear(`${mutant.row} is in no document`) : await tried(copy, mutant, row);
    counts[verdict.kind] += 1;
    console.log(`${verdict.kind.padEnd(8)} ${mutant.row}  ${mutant.breaks}`);
    if (verdict.kind === 'noticed') console.log(`         by ${verdict.failed[0]}${more(verdict.failed.length)}`);
    if (verdict.kind === 'unclear') console.log(verdict.why);
  }
  console.log(`${counts.noticed} noticed, ${counts.survived} survived, ${counts.unclear} unclear`);
  return counts.survived + counts.unclear === 0 ? 0 : 1;
}

function chosen() {
  const only = values.only?.split(',');
  if (only !== undefined) return mutants.filter(({ row }) => only.includes(row));
  if (values.all) return mutants;
  const rows = draw([...new Set(mutants.map(({ row }) => row))], Number(values.rows), Number(values.seed));
  return rows.flatMap((row) => mutants.filter((mutant) => mutant.row === row).slice(0, 1));
}

async function tried(copy: TreeCopy, mutant: Mutant, row: CoverageRow): Promise<Verdict> {
  try {
    return await verdictOn(copy, mutant, row);
  } catch (error) {
    // The code is another one by now; the unit tests say so too.
    if (error instanceof TypeError) return unclear(error.message);
    throw error;
  }
}

function unclear(why: string): Verdict {
  return { kind: 'unclear', why };
}

function more(count: number): string {
  return count > 1 ? ` and ${count - 1} more` : '';
}

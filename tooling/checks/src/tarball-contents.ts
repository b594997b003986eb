import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { machineWords } from './machine-words.ts';
import type { PackedPackage } from './packed-packages.ts';
import { packedStep } from './packed-step.ts';
import { runCommand } from './run-command.ts';
import type { Problem, Step } from './step.ts';

const ALLOWED = /^(dist|src)\/|^(README\.md|LICENSE|CHANGELOG\.md|package\.json)$/;
const NOT_IN_FOLDERS = /\.(test|bench|spec)\.|(^|\/)(test|tests|fixtures|vectors)\/|\.tsbuildinfo$/;

/** Doors that must not be in what applications run: another source of randomness for all, a check switched off, behaviour from outside. */
const TEST_HOOKS =
  /\b(setRandom\w*|__test\w*|\w*[fF]orTest(s|ing)\b|(skip|disable|unsafe)\w*(Verif|Check)\w*|process\.env|NODE_ENV)\b/;

export const tarballContents: Step = packedStep(
  'tarballs',
  'contents of the tarballs: the allowed files, no hooks for tests',
  tarballProblems,
);

export async function tarballProblems({ workspace, tarball, unpacked }: PackedPackage): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const path of await filesOf(tarball)) {
    const where = `${workspace.folder} packs ${path}`;
    if (!ALLOWED.test(path) || NOT_IN_FOLDERS.test(path))
      problems.push({
        what: where,
        fix: 'pack only dist, src, README.md, LICENSE and CHANGELOG.md: see `files` in package.json',
      });
    const text = await readFile(join(unpacked, path), 'utf8');
    const hook = /\.(js|ts)$/.test(path) ? TEST_HOOKS.exec(text)?.[0] : undefined;
    if (hook !== undefined)
      problems.push({
        what: `${where} with \`${hook}\``,
        fix: 'tests pass randomness, time and limits as arguments; nothing is switched from outside',
      });
    for (const word of machineWords(text))
      problems.push({
        what: `${where} with \`${word.text}\``,
        fix: 'nothing of the machine that built it may be in a package',
      });
  }
  return problems;
}

async function filesOf(tarball: string): Promise<readonly string[]> {
  const { stdout } = await runCommand('tar', ['-tzf', tarball], { cwd: dirname(tarball) });
  const entries = stdout.split('\n').map((entry) => entry.replace(/^package\//, ''));
  return entries.filter((entry) => entry !== '' && !entry.endsWith('/'));
}

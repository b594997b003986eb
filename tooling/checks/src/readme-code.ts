import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { committedFiles } from './committed-files.ts';
import { linkInstalledPackages } from './linked-packages.ts';
import { type CodeBlock, codeBlocks } from './readme-blocks.ts';
import { lastLines, runCommand, toolsRoot } from './run-command.ts';
import { withScratchFolder } from './scratch-folder.ts';
import { type Problem, resultOf, type Step } from './step.ts';
import { readWorkspaces } from './workspaces.ts';

const UNCHECKED = ['typescript', 'javascript', 'js', 'mjs', 'mts', 'tsx', 'jsx'];

/** Types and runs the code of every document; a block whose fence says `ts no-run` is only typed. */
export const readmeCode: Step = {
  name: 'readme',
  title: 'code in the documents: typed and run',
  check: async ({ root }) => {
    const blocks = await blocksOf(root);
    const problems = blocks.filter(({ info }) => UNCHECKED.includes(info[0] ?? '')).map(notChecked);
    const checked = blocks.filter(({ info }) => info[0] === 'ts');
    if (checked.length > 0)
      problems.push(...(await withScratchFolder(root, 'readme', (to) => check(root, to, checked))));
    return resultOf(problems, [`${checked.length} blocks, ${checked.filter(isRun).length} of them run`]);
  },
};

async function blocksOf(root: string): Promise<readonly CodeBlock[]> {
  const documents = (await committedFiles(root)).filter(
    (path) => path.endsWith('.md') && !path.endsWith('CHANGELOG.md') && !path.startsWith('.changeset/'),
  );
  return (
    await Promise.all(documents.map(async (path) => codeBlocks(path, await readFile(join(root, path), 'utf8'))))
  ).flat();
}

async function check(root: string, scratch: string, blocks: readonly CodeBlock[]): Promise<readonly Problem[]> {
  await linkInstalledPackages(scratch, await readWorkspaces(root));
  await writeFile(join(scratch, 'package.json'), '{ "type": "module", "private": true }');
  await writeFile(join(scratch, 'tsconfig.json'), JSON.stringify(strictConfig));
  for (const block of blocks) await writeFile(join(scratch, fileOf(block)), '\n'.repeat(block.line - 1) + block.code);
  const typed = await runCommand('tsc', ['-p', scratch], { cwd: scratch });
  const problems = typeErrors(typed.output, blocks);
  const ran = join(scratch, 'run');
  await mkdir(ran);
  for (const block of blocks.filter(isRun))
    problems.push(...(await runBlock(block, join(scratch, fileOf(block)), ran)));
  return problems;
}

/** What tsc said, at the lines of the documents; errors inside the packages are left to the check of their types. */
function typeErrors(output: string, blocks: readonly CodeBlock[]): Problem[] {
  const documents = new Map(blocks.map((block) => [fileOf(block), block.document]));
  return output.split(/\n(?=\S)/).flatMap((error) => {
    const [, file = '', line, said = ''] = /^(.*?)\((\d+),\d+\): (.*)$/s.exec(error.trimEnd()) ?? [];
    if (error.trim() === '' || file.startsWith('..')) return [];
    const what = documents.has(file) ? `${documents.get(file)}:${line}: ${said}` : error.trimEnd();
    return [{ what, fix: 'a reader compiles the example as strictly as we do' }];
  });
}

async function runBlock(block: CodeBlock, file: string, cwd: string): Promise<readonly Problem[]> {
  const { code, output } = await runCommand(process.execPath, ['--conditions=@omemo-kit/source', file], {
    cwd,
    timeoutSeconds: 60,
  });
  if (code === 0) return [];
  const fix = 'a block is a whole program; one that cannot run by itself is marked `ts no-run`';
  return [{ what: `${block.document}:${block.line} fails when it runs:\n${lastLines(output, 30)}`, fix }];
}

function isRun({ info }: CodeBlock): boolean {
  return !info.includes('no-run');
}

function notChecked({ document, line, info }: CodeBlock): Problem {
  return { what: `${document}:${line}: nobody checks a block of \`${info[0]}\``, fix: 'write it as `ts`' };
}

function fileOf({ document, line }: CodeBlock): string {
  return `${document.replaceAll('/', '-')}-${line}.ts`;
}

const strictConfig = {
  extends: join(toolsRoot, 'tooling', 'tsconfig', 'base.json'),
  compilerOptions: { types: ['node'], moduleDetection: 'force' },
  include: ['*.ts'],
};

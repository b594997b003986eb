import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { replayDirectory } from './replay-directory.ts';
import { explain } from './report.ts';

const [directory, ...rest] = process.argv.slice(2);
if (directory === undefined || rest.length > 0) {
  console.error('usage: conformance DIR   (a directory of vector files, see tooling/conformance/README.md)');
  process.exitCode = 1;
} else {
  process.exitCode = await replay(directory);
}

/** Prints what is found; answers the exit code. */
async function replay(named: string): Promise<0 | 1> {
  // pnpm runs scripts in the root and tells here where it was called.
  const path = resolve(process.env['INIT_CWD'] ?? '.', named);
  try {
    if (!isDirectory(path)) return failure(named, `there is no directory ${named}`);
    const report = await replayDirectory(path);
    for (const line of report.lines()) console.log(line);
    return report.failed === 0 ? 0 : 1;
  } catch (error) {
    return failure(named, `directory: ${explain(error)}`);
  }
}

function failure(named: string, what: string): 1 {
  console.log(`FAILED ${named}: ${what}`);
  console.log('0 passed, 1 failed');
  return 1;
}

/** False for a file too, and where a part of the path is none. */
function isDirectory(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return false;
    throw error;
  }
}

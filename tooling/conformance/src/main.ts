import { resolve } from 'node:path';
import { replayDirectory } from './replay-directory.ts';
import { explain } from './report.ts';

const [directory, ...rest] = process.argv.slice(2);
if (directory === undefined || rest.length > 0) {
  console.error('usage: conformance DIR   (a directory of vector files, see tooling/conformance/README.md)');
  process.exitCode = 1;
} else {
  try {
    // pnpm runs scripts in the root and tells here where it was called.
    const report = await replayDirectory(resolve(process.env['INIT_CWD'] ?? '.', directory));
    for (const line of report.lines()) console.log(line);
    process.exitCode = report.failed === 0 ? 0 : 1;
  } catch (error) {
    console.log(`FAILED ${directory}: directory: ${explain(error)}`);
    console.log('0 passed, 1 failed');
    process.exitCode = 1;
  }
}

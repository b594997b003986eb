import { replayDirectory } from './replay-directory.ts';
import { explain } from './report.ts';

const [directory, ...rest] = process.argv.slice(2);
if (directory === undefined || rest.length > 0) {
  console.error('usage: conformance DIR   (a directory of vector files, see tooling/conformance/README.md)');
  process.exitCode = 1;
} else {
  try {
    const report = await replayDirectory(directory);
    for (const line of report.lines()) console.log(line);
    process.exitCode = report.failed === 0 ? 0 : 1;
  } catch (error) {
    console.log(`FAILED ${directory}: directory: ${explain(error)}`);
    console.log('0 passed, 1 failed');
    process.exitCode = 1;
  }
}

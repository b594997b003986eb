import { Worker } from 'node:worker_threads';
import { type ModelArguments, modelArguments, usage } from './options.ts';
import { keepRegression } from './regressions.ts';
import { reportLines, unseen } from './report.ts';
import { Tally } from './tally.ts';
import type { Failure, Job, Report } from './worker.ts';

const asked = modelArguments(process.argv.slice(2));
if (asked === 'help') console.log(usage);
else process.exitCode = await run(asked);

async function run({ schedules, seed, minutes, workers, keep }: ModelArguments): Promise<0 | 1> {
  const began = Date.now();
  const tally = new Tally();
  const failures: Failure[] = [];
  const take = (report: Report) => {
    if ('counts' in report) tally.add(report.counts);
    else {
      failures.push(report.failure);
      const { seed: found, what, schedule } = report.failure;
      console.log(`FAILED, seed ${found}: ${what}\n  ${JSON.stringify(schedule)}`);
    }
  };
  const job = { step: workers, end: seed + schedules, until: began + minutes * 60_000 };
  await Promise.all(Array.from({ length: workers }, (_, index) => work({ ...job, first: seed + index }, take)));
  for (const line of reportLines(tally, (Date.now() - began) / 1_000)) console.log(line);
  const missing = unseen(tally);
  if (missing.length > 0) console.log(`FAILED: never seen: ${missing.join(', ')}`);
  for (const { seed: found, what, schedule } of keep ? failures : []) {
    await keepRegression({ seed: found, found: what, ...schedule });
  }
  return failures.length + missing.length === 0 ? 0 : 1;
}

function work(workerData: Job, take: (report: Report) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData });
    worker.on('message', take);
    worker.on('error', reject);
    worker.on('exit', () => resolve());
  });
}

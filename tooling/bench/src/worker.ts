import { text } from 'node:stream/consumers';
import type { JobId } from './jobs/job.ts';
import { type Effort, measureJobs } from './measure/measure-jobs.ts';
import type { ProviderName } from './provider.ts';

/** What the process of one provider is told, as JSON on its standard input. */
export interface Task {
  readonly provider: ProviderName;
  readonly jobs: readonly JobId[];
  readonly effort: Effort;
}

const { provider, jobs, effort } = JSON.parse(await text(process.stdin)) as Task;
console.log(JSON.stringify(await measureJobs(provider, jobs, effort)));

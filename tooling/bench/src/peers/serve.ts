import { createInterface } from 'node:readline';
import { comparedJobsOf } from './compared-jobs.ts';
import type { ComparedJob, Implementation } from './implementation.ts';

/** What a process is asked. */
export interface Request {
  readonly job: ComparedJob;
  readonly units: number;
}

/** What it answers: microseconds for one unit, or why there are none. */
export interface Answer {
  readonly us?: number;
  readonly error?: string;
}

/** Answers requests, one a line as JSON, until the input ends. */
export async function serve(implementation: Implementation): Promise<void> {
  const jobs = comparedJobsOf(implementation);
  console.log(JSON.stringify({ ready: {} }));
  for await (const line of createInterface(process.stdin)) {
    const { job, units } = JSON.parse(line) as Request;
    console.log(JSON.stringify(await answered(jobs[job], units)));
  }
}

async function answered(prepare: ReturnType<typeof comparedJobsOf>[ComparedJob], units: number): Promise<Answer> {
  try {
    const work = await prepare(units);
    const start = process.hrtime.bigint();
    await work.run();
    const us = Number(process.hrtime.bigint() - start) / 1000 / units;
    await work.check();
    return { us };
  } catch (error) {
    return { error: String(error) };
  }
}

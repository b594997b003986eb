import { expect, test } from 'vitest';
import type { Job } from '../../src/jobs/job.ts';
import { IN_ORDER, JOB, runRounds, warmUp } from '../../src/measure/contest.ts';
import { timeUndisturbed } from '../../src/measure/stopwatch.ts';

function spinning(us: number): void {
  const end = process.hrtime.bigint() + BigInt(us * 1000);
  while (process.hrtime.bigint() < end);
}

function jobThat(done: string[], faults: { readonly wrong?: boolean } = {}): Job {
  return {
    id: 'c',
    title: 'spinning',
    unit: 'message',
    step: 5,
    prepare: (units) => ({
      run() {
        done.push(`job ${units}`);
        spinning(100 * units);
      },
      inOrder() {
        done.push('in order');
        spinning(50 * units);
      },
      check() {
        if (faults.wrong) throw new TypeError('it did something else');
      },
    }),
  };
}

test('a round runs every contender in both orders and gives microseconds for one unit', async () => {
  const done: string[] = [];
  const limit = (units: number) => {
    done.push('L');
    spinning(20 * units);
  };
  const [round = {}] = await runRounds({ job: jobThat(done), limits: { L: limit } }, 5, { rounds: 1 });
  expect(Object.keys(round).sort()).toEqual([JOB, 'L', IN_ORDER].sort());
  expect(done.filter((name, index) => name !== done[index - 1])).toEqual([
    ...['job 5', 'L', 'in order', 'L', 'job 5'],
    // The first was to warm up.
    ...['L', 'in order', 'L', 'job 5'],
  ]);
  // Spinning never ends early.
  expect(round[JOB]).toBeGreaterThanOrEqual(100);
  expect(round['L']).toBeGreaterThanOrEqual(20);
  expect(round[IN_ORDER]).toBeGreaterThanOrEqual(50);
});

test('warming up answers a multiple of the step', () => {
  const units = warmUp({ job: jobThat([]), limits: {} }, { warmUpMs: 1, batchMs: 1 });
  expect(units % 5).toBe(0);
  expect(units).toBeGreaterThan(0);
});

test('warming up fails for a job that does not do what it says', () => {
  expect(() => warmUp({ job: jobThat([], { wrong: true }), limits: {} }, { warmUpMs: 1, batchMs: 1 })).toThrow(
    'something else',
  );
});

test('each try has work of its own', () => {
  let prepared = 0;
  let run = 0;
  const us = timeUndisturbed(() => {
    prepared++;
    return () => {
      run++;
    };
  }, 3);
  expect(us).toBeGreaterThan(0);
  expect(run).toBe(prepared);
  expect(run).toBeGreaterThanOrEqual(1);
});

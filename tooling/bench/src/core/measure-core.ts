import { equal } from 'node:assert/strict';
import { join } from 'node:path';
import { randomBytes } from '@omemo-kit/primitives';
import { MemoryStore } from '@omemo-kit/storage-memory';
import { makeJob } from '../jobs/all-jobs.ts';
import type { Job } from '../jobs/job.ts';
import { type Compared, comparedWith, priceIn } from '../measure/compared.ts';
import { interleave } from '../measure/interleave.ts';
import { type Prepare, timeAwaited } from '../measure/stopwatch.ts';
import { withDatabases } from './accounts.ts';
import { openBareCommits } from './bare-commits.ts';
import { gatherCrowd } from './crowd.ts';
import { openPair, type Pair } from './pair.ts';

/** Something of the whole of omemo-core, and what it is compared with. */
export interface CoreResult {
  readonly id: 'f+' | 'o' | 'r';
  readonly title: string;
  readonly unit: string;
  /** Microseconds for one unit, median of the rounds. */
  readonly us: number;
  readonly against: Readonly<Record<string, Compared>>;
  readonly rounds: number;
}

interface CoreContest {
  readonly id: CoreResult['id'];
  readonly title: string;
  readonly unit: string;
  /** Units that one run does. */
  readonly units: number;
  readonly job: Prepare;
  readonly others: Readonly<Record<string, Prepare>>;
}

/** Of a stored set of one session. */
const SESSION_BYTES = 400;
const SHORT_RUN = 20;
const ARCHIVED = 32;
/** Rows of the commits of (o), counted: session, outbox and its state; what was sent; session, hash, inbox and its state; what was shown. */
const ROWS_OF_COMMITS = [3, 1, 4, 1];

export interface CoreOptions {
  readonly rounds: number;
  /** Devices of the large message; 1000 by default. */
  readonly devices?: number;
}

/** Measures (f+), (o) and (r) beside the ratchet alone and bare commits of as many rows, in turns. */
export function measureCore(options: CoreOptions): Promise<readonly CoreResult[]> {
  const { rounds, devices = 1_000 } = options;
  // The engine has compiled all of it by then.
  const warmUps = Math.ceil(rounds / 3);
  return withDatabases(async (open, folder) => {
    const bare = openBareCommits(join(folder, 'bare.sqlite'), SESSION_BYTES);
    try {
      const crowd = await gatherCrowd(await open('crowd.sqlite'), devices);
      const pair = await openPair({ alice: await open('alice.sqlite'), bob: await open('bob.sqlite') });
      const inMemory = await openPair({ alice: new MemoryStore(), bob: new MemoryStore() });
      const fanOut = makeJob.f();
      const inChain = makeJob.c();
      const toAll: CoreContest = {
        id: 'f+',
        title: `one message to ${devices} devices: core, XML, SQLite`,
        unit: 'device',
        units: devices,
        job: () => () => crowd.write(randomBytes(200)),
        others: {
          f: () => inShortRuns(fanOut, devices),
          'bare commits': () => () => bare.commit(devices),
        },
      };
      const oneToOne: CoreContest = {
        id: 'o',
        title: 'one message written and read: core, XML, SQLite',
        unit: 'message',
        units: SHORT_RUN,
        job: () => () => talk(pair),
        others: {
          c: () => inShortRuns(inChain, SHORT_RUN),
          'stores in memory': () => () => talk(inMemory),
          'bare commits': () => () => {
            for (let count = 0; count < SHORT_RUN; count++) for (const rows of ROWS_OF_COMMITS) bare.commit(rows);
          },
        },
      };
      const archive = async (commits: 'one' | 'one for each') => {
        const written: string[] = [];
        for (let count = 0; count < ARCHIVED; count++) written.push(await pair.write(`message ${count}`));
        return async () => equal((await pair.readArchive(written, commits)).length, ARCHIVED);
      };
      const fromArchive: CoreContest = {
        id: 'r',
        title: 'a message of an archive read, 32 with a commit: core, XML, SQLite',
        unit: 'message',
        units: ARCHIVED,
        job: () => archive('one'),
        others: { 'one by one': () => archive('one for each') },
      };
      const results: CoreResult[] = [];
      for (const contest of [toAll, oneToOne, fromArchive]) results.push(await measure(contest, rounds, warmUps));
      return results;
    } finally {
      bare.close();
    }
  });
}

/** A run of messages, each written and read. */
async function talk(pair: Pair): Promise<void> {
  for (let count = 0; count < SHORT_RUN; count++) {
    const text = `message ${count}`;
    equal(await pair.read(await pair.write(text)), text);
  }
}

/** As it is measured alone: in short runs, prepared outside of the clock. */
function inShortRuns(job: Job, units: number): () => void {
  const batches = Array.from({ length: Math.ceil(units / SHORT_RUN) }, (_, index) =>
    job.prepare(Math.min(SHORT_RUN, units - index * SHORT_RUN)),
  );
  return () => {
    for (const batch of batches) batch.run();
  };
}

async function measure(contest: CoreContest, rounds: number, warmUps: number): Promise<CoreResult> {
  const { id, title, unit, units, job, others } = contest;
  const contenders = Object.entries({ job, ...others }).map(([name, prepare]) => ({
    name,
    sample: () => timeAwaited(prepare, units),
  }));
  const measured = await interleave(contenders, { rounds, warmUps });
  return {
    ...{ id, title, unit, rounds },
    us: priceIn(measured, 'job'),
    against: comparedWith(measured, 'job', Object.keys(others)),
  };
}

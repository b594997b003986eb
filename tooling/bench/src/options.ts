import { parseArgs } from 'node:util';
import { type JobId, jobIds } from './jobs/job.ts';
import type { Effort } from './measure/measure-jobs.ts';
import { type ProviderName, providerNames } from './provider.ts';

export interface BenchOptions {
  readonly jobs: readonly JobId[];
  readonly providers: readonly ProviderName[];
  readonly effort: Effort;
  /** Whether others are measured too. */
  readonly peers: boolean;
  /** Whether the whole of omemo-core is measured instead. */
  readonly core: boolean;
  /** Whether it is measured instead how costs grow. */
  readonly growth: boolean;
  readonly quick: boolean;
  /** Whether a page of Chromium is measured instead. */
  readonly browser: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

export const USAGE = `Usage: pnpm bench [--jobs a,b,...] [--provider node,noble] [--quick] [--peers | --core | --growth | --browser] [--json]

Measures the packages against the cost of their own primitives, in turns and in one process. Jobs: ${jobIds.join(', ')}.

  --jobs      only these
  --provider  only this one: node (node:crypto) or noble (pure JavaScript, as in a browser)
  --quick     fewer rounds, less than two minutes in all
  --peers     other implementations instead, with jobs a to e; those from npm are installed into a cache first
  --core      the whole instead, with XML and SQLite: a message to 1000 devices (f+), and one to one (o)
  --growth    how the cost of a message grows with its session's age, skipped keys, accounts and devices instead
  --browser   the first message to a room of 300 devices in Chromium instead: how long, and how long the page is stuck
  --json      for machines`;

const THOROUGH: Effort = { rounds: 201, warmUpMs: 20000, batchMs: 0.6, longestMs: 30_000, fewestRounds: 31 };
const QUICK: Effort = { rounds: 61, warmUpMs: 2000, batchMs: 0.4, longestMs: 3_000, fewestRounds: 11 };

/** @throws TypeError that says what is wrong */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      jobs: { type: 'string' },
      provider: { type: 'string' },
      quick: { type: 'boolean', default: false },
      peers: { type: 'boolean', default: false },
      core: { type: 'boolean', default: false },
      growth: { type: 'boolean', default: false },
      browser: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  return {
    jobs: chosen('job', values.jobs, jobIds),
    providers: chosen('provider', values.provider, providerNames),
    effort: values.quick ? QUICK : THOROUGH,
    peers: values.peers,
    core: values.core,
    growth: values.growth,
    quick: values.quick,
    browser: values.browser,
    json: values.json,
    help: values.help,
  };
}

function chosen<Name extends string>(what: string, list: string | undefined, all: readonly Name[]): readonly Name[] {
  if (list === undefined) return all;
  return list.split(',').map((wanted) => {
    const found = all.find((name) => name === wanted.trim());
    if (found === undefined) throw new TypeError(`there is no ${what} ${wanted}: ${all.join(', ')}`);
    return found;
  });
}

import { parseArgs } from 'node:util';
import { type JobId, jobIds } from './jobs/job.ts';
import type { Effort } from './measure/effort.ts';
import { type PartName, partNames, quickParts, usualParts } from './part-names.ts';
import { type ProviderName, providerNames } from './provider.ts';

export interface BenchOptions {
  readonly jobs: readonly JobId[];
  readonly providers: readonly ProviderName[];
  readonly effort: Effort;
  /** In the order in which they are measured. */
  readonly parts: readonly PartName[];
  readonly quick: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

export const USAGE = `Usage: npx -y pnpm@12 bench [part ...] [--quick] [--jobs a,b,...] [--provider node,noble] [--json]

Measures what users wait for against what it cannot do without. Parts; ${usualParts.join(', ')} unless some are named, and with --quick ${quickParts.join(', ')}:

  jobs        x3dh and double-ratchet against the cost of their own primitives: ${jobIds.join(', ')}
  core        the whole, with XML and SQLite: a message to 1000 devices (f+), one to one (o), out of an archive (r)
  peers       other implementations beside ours, jobs a to g; those from npm are installed into a cache first
  growth      how the cost of a message grows with its session's age, skipped keys, accounts and devices
  browser     the first message to a room of 300 devices in Chromium: how long, and how long the page is stuck

  --quick     fewer rounds; less than two minutes in all where no part is named
  --jobs      only these of the jobs
  --provider  only this one: node (node:crypto) or noble (pure JavaScript, as in a browser)
  --json      for machines
  --help, -h  this text`;

const THOROUGH: Effort = {
  rounds: 201,
  warmUpMs: 20_000,
  batchMs: 0.6,
  longestMs: 30_000,
  fewestRounds: 31,
  trial: { warmUpMs: 1_000, rounds: 61 },
};
const QUICK: Effort = {
  rounds: 61,
  warmUpMs: 1_500,
  batchMs: 0.4,
  longestMs: 2_000,
  fewestRounds: 11,
  trial: { warmUpMs: 150, rounds: 25 },
};

/** @throws TypeError that says what is wrong */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      jobs: { type: 'string' },
      provider: { type: 'string' },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const named = chosen('part', positionals, partNames);
  const unnamed = values.quick ? quickParts : usualParts;
  const parts: readonly PartName[] = named.length > 0 ? named : values.jobs === undefined ? unnamed : ['jobs'];
  if (values.jobs !== undefined) assertUsed('--jobs', parts, ['jobs']);
  if (values.provider !== undefined) assertUsed('--provider', parts, ['jobs', 'core']);
  return {
    parts,
    jobs: values.jobs === undefined ? jobIds : chosen('job', values.jobs.split(','), jobIds),
    providers:
      values.provider === undefined ? providerNames : chosen('provider', values.provider.split(','), providerNames),
    effort: values.quick ? QUICK : THOROUGH,
    quick: values.quick,
    json: values.json,
    help: values.help,
  };
}

/** Whoever names what is then not looked at would take the figures for others than they are. */
function assertUsed(option: string, parts: readonly PartName[], users: readonly PartName[]): void {
  if (parts.some((part) => users.includes(part))) return;
  throw new TypeError(`${option} is for ${users.join(' and ')}, not for ${parts.join(', ')}`);
}

function chosen<Name extends string>(what: string, list: readonly string[], all: readonly Name[]): readonly Name[] {
  return list.map((wanted) => {
    const found = all.find((name) => name === wanted.trim());
    if (found === undefined) throw new TypeError(`there is no ${what} ${wanted}: ${all.join(', ')}`);
    return found;
  });
}

import { measureBrowser } from './browser/measure-browser.ts';
import { measureCore } from './core/measure-core.ts';
import { measureGrowth } from './growth/measure-growth.ts';
import { joined, type ProviderResult } from './measure/measure-jobs.ts';
import { measureInProcess } from './measure-in-process.ts';
import { type BenchOptions, readOptions, USAGE } from './options.ts';
import { comparePeers } from './peers/compare.ts';
import { browserLines } from './report/browser-report.ts';
import { coreLines } from './report/core-report.ts';
import { coreGoals, goals } from './report/goals.ts';
import { growthLines } from './report/growth-report.ts';
import { describeMachine } from './report/machine.ts';
import { peerLines } from './report/peer-report.ts';
import { machineLines, reportLines } from './report/report.ts';

const DEVICES_OF_ROOM = 300;

const options = optionsOrUsage(process.argv.slice(2));
if (options === undefined) process.exitCode = 2;
else if (options.help) console.log(USAGE);
else if (options.peers) await compare(options);
else if (options.core) await core(options);
else if (options.growth) await growth(options);
else if (options.browser) await browse(options);
else await bench(options);

function optionsOrUsage(args: readonly string[]): BenchOptions | undefined {
  try {
    return readOptions(args);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    console.error(`${error.message}\n\n${USAGE}`);
    return undefined;
  }
}

async function bench({ jobs, providers, effort, json }: BenchOptions): Promise<void> {
  const machine = describeMachine();
  const results: ProviderResult[] = [];
  for (const provider of providers) {
    const measured: ProviderResult[] = [];
    // Each job in a process of its own: what one leaves behind would be cleared away at the cost of the next.
    for (const job of jobs) measured.push(await measureInProcess({ provider, jobs: [job], effort }));
    results.push(joined(measured));
  }
  if (json) console.log(JSON.stringify({ machine, goals, results }, undefined, 2));
  else for (const line of reportLines(machine, results)) console.log(line);
}

async function core({ effort, json }: BenchOptions): Promise<void> {
  const machine = describeMachine();
  const results = await measureCore({ rounds: Math.ceil(effort.rounds / 2) });
  if (json) console.log(JSON.stringify({ machine, goals: coreGoals, results }, undefined, 2));
  else for (const line of [...machineLines(machine), '', ...coreLines(results)]) console.log(line);
}

async function growth({ quick, json }: BenchOptions): Promise<void> {
  const machine = describeMachine();
  const result = await measureGrowth({ rounds: quick ? 10 : 40, quick });
  if (json) console.log(JSON.stringify({ machine, ...result }, undefined, 2));
  else for (const line of [...machineLines(machine), '', ...growthLines(result)]) console.log(line);
}

async function compare({ effort, json }: BenchOptions): Promise<void> {
  const machine = describeMachine();
  const result = await comparePeers(Math.ceil(effort.rounds / 5));
  if (json) console.log(JSON.stringify({ machine, ...result }, undefined, 2));
  else for (const line of [...machineLines(machine), '', ...peerLines(result)]) console.log(line);
}

async function browse({ effort, json }: BenchOptions): Promise<void> {
  const machine = describeMachine();
  const result = await measureBrowser(DEVICES_OF_ROOM, Math.ceil(effort.rounds / 20));
  if (json) console.log(JSON.stringify({ machine, ...result }, undefined, 2));
  else for (const line of [...machineLines(machine), '', ...browserLines(result)]) console.log(line);
}

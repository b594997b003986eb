import { measureBrowser } from './browser/measure-browser.ts';
import type { CoreResult } from './core/measure-core.ts';
import { measureGrowth } from './growth/measure-growth.ts';
import { type MeasuredJob, operationsOf } from './measure/measure-job.ts';
import { joined, type ProviderResult } from './measure/provider-result.ts';
import { coreInProcess, jobInProcess, waysInProcess } from './measure-in-process.ts';
import type { BenchOptions } from './options.ts';
import type { PartName } from './part-names.ts';
import { comparePeers } from './peers/compare.ts';
import { browserLines } from './report/browser-report.ts';
import { coreLines } from './report/core-report.ts';
import { growthLines } from './report/growth-report.ts';
import { judgedBrowser, judgedCore, judgedGrowth, judgedJobs, judgedPeers } from './report/judged.ts';
import { peerLines } from './report/peer-report.ts';
import { reportLines } from './report/report.ts';

/** What a part found, for machines and for people. */
export interface PartReport {
  readonly json: object;
  readonly lines: readonly string[];
}

const DEVICES_OF_ROOM = 300;

export const parts: Readonly<Record<PartName, (options: BenchOptions) => Promise<PartReport>>> = {
  async jobs({ jobs, providers, effort }) {
    const results: ProviderResult[] = [];
    for (const provider of providers) {
      const ways = await waysInProcess({ provider, operations: operationsOf(jobs), trial: effort.trial });
      const measured: MeasuredJob[] = [];
      // Each job in a process of its own: what one leaves behind would be cleared away at the cost of the next.
      for (const job of jobs) measured.push(await jobInProcess({ provider, job, ways, effort }));
      results.push(joined(provider, ways, measured));
    }
    return { json: { goals: judgedJobs(results), results }, lines: reportLines(results) };
  },
  async core({ providers, effort }) {
    const results: Record<string, readonly CoreResult[]> = {};
    for (const provider of providers) {
      results[provider] = await coreInProcess(provider, { rounds: Math.ceil(effort.rounds / 2) });
    }
    return { json: { goals: judgedCore(results), results }, lines: coreLines(results) };
  },
  async peers({ effort, quick }) {
    const result = await comparePeers({ rounds: Math.ceil(effort.rounds / 5), warmUpMs: quick ? 500 : 3_000 });
    return { json: { ...result, goals: judgedPeers(result) }, lines: peerLines(result) };
  },
  async growth({ quick }) {
    const result = await measureGrowth({ rounds: quick ? 10 : 40, quick });
    return { json: { goals: judgedGrowth(result), ...result }, lines: growthLines(result) };
  },
  async browser({ effort }) {
    const result = await measureBrowser(DEVICES_OF_ROOM, Math.ceil(effort.rounds / 20));
    return { json: { goals: judgedBrowser(result), ...result }, lines: browserLines(result) };
  },
};

import { campaign } from './campaign.ts';
import { openHost } from './hosts/open-host.ts';
import { type CrashOptions, readOptions, type StoreName, USAGE } from './options.ts';
import { Report } from './report.ts';

const options = optionsOrUsage(process.argv.slice(2));
process.exitCode = options === undefined ? 2 : await crash(options);

function optionsOrUsage(args: readonly string[]): CrashOptions | undefined {
  try {
    return readOptions(args);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    console.error(`${error.message}\n\n${USAGE}`);
    return undefined;
  }
}

/** Runs a campaign on each store and prints what came of it; answers the exit code. */
async function crash(options: CrashOptions): Promise<0 | 1> {
  const reports: Report[] = [];
  for (const store of options.stores) {
    const report = await crashOn(store, options);
    for (const line of report.lines()) console.log(line);
    reports.push(report);
  }
  const failed = reports.filter(({ passed }) => !passed);
  const cycles = reports.reduce((sum, report) => sum + report.cycles, 0);
  console.log(`crash: ${cycles} cycles on ${reports.length} stores, ${failed.length} failed`);
  return failed.length === 0 ? 0 : 1;
}

async function crashOn(store: StoreName, { cycles, seed, defect }: CrashOptions): Promise<Report> {
  const host = await openHost(store);
  if ('missing' in host) {
    const report = new Report(store, seed);
    report.skipped = host.missing;
    if (process.env['OMEMO_REQUIRE_PEERS'] === '1') report.violations = [host.missing];
    return report;
  }
  try {
    return await campaign(host, {
      cycles: cycles[store],
      seed,
      ...(defect === undefined ? {} : { defect }),
      onCycle: (cycle) => {
        if (cycle % 500 === 0) console.log(`${host.name}: ${cycle} of ${cycles[store]} cycles`);
      },
    });
  } finally {
    await host.close();
  }
}

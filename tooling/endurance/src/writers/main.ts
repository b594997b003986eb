import { missingFor, openHost } from './hosts.ts';
import { type StoreName, type StorePlan, writersOptions } from './options.ts';
import { describeRound, problemsOf } from './report.ts';
import { type RoundResult, runRound } from './round.ts';

/** Messages of the one writer that the many are compared with; enough to get going. */
const ALONE = 1_000;

const { plans, devices, answersEvery } = writersOptions(process.argv.slice(2));

async function round(store: StoreName, writers: number, messages: number): Promise<RoundResult> {
  const host = await openHost(store);
  try {
    return await runRound({ host, writers, messages, devices, answersEvery });
  } finally {
    await host.close();
  }
}

async function compare({ store, writers, messages }: StorePlan): Promise<void> {
  const missing = missingFor(store);
  if (missing !== undefined) {
    console.log(`${store}: left out, ${missing}`);
    // CI must not lose a backend unnoticed.
    if (process.env['OMEMO_REQUIRE_PEERS'] === '1') process.exitCode = 1;
    return;
  }
  const alone = await round(store, 1, Math.min(ALONE, messages * writers));
  const many = await round(store, writers, messages);
  for (const [result, beside] of [[alone], [many, alone]] as const) {
    console.log(describeRound(result, beside));
    for (const problem of problemsOf(result)) {
      console.log(`  PROBLEM: ${problem}`);
      process.exitCode = 1;
    }
  }
}

for (const plan of plans) await compare(plan);

import { soakArguments } from './options.ts';
import { soak } from './soak.ts';
import { openSoakStore } from './soak-store.ts';
import { headline, rowOf, verdictLine } from './table.ts';
import { trendOf } from './verdict.ts';

const { store: name, messages, samples, seed, leak } = soakArguments(process.argv.slice(2));
const store = await openSoakStore(name);
const started = performance.now();
try {
  console.log(`two accounts, ${messages} messages, store: ${name}${leak ? ', every plaintext kept on purpose' : ''}`);
  console.log(headline);
  const result = await soak(store, {
    messages,
    samples,
    seed,
    onSample: (sample) => console.log(rowOf(sample)),
    ...(leak ? { leak: 'plaintexts' as const } : {}),
  });
  const seconds = (performance.now() - started) / 1_000;
  const { sent, read, lost, late, duplicates, replacements, rotations, problems } = result;
  console.log(`${sent} sent, ${read} read, ${late} of them late, ${lost} stanzas lost, ${duplicates} duplicates`);
  console.log(`${replacements} times sessions replaced, ${rotations} signed pre-keys, ${seconds.toFixed(0)} s`);
  for (const problem of problems.slice(0, 10)) console.log(`PROBLEM: ${problem}`);
  const trends = (['heap', 'database', 'rows'] as const).map((what) => trendOf(result.samples, what));
  for (const trend of trends) console.log(verdictLine(trend));
  if (problems.length > 0 || trends.some(({ flat }) => !flat)) process.exitCode = 1;
} finally {
  await store.close();
}

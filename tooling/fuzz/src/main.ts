import { keepInput } from './corpus.ts';
import { fuzzInWorker } from './in-worker.ts';
import { type FuzzArguments, fuzzArguments, usage } from './options.ts';
import { reportLines } from './report.ts';
import { targets } from './targets/index.ts';

const asked = fuzzArguments(process.argv.slice(2), targets);
if (asked === 'help') console.log(usage);
else if (asked === 'list') for (const { name } of targets) console.log(name);
else process.exitCode = await run(asked);

async function run({ targets: chosen, workers, keep, ...options }: FuzzArguments): Promise<0 | 1> {
  const waiting = [...chosen];
  let runs = 0;
  let defects = 0;
  const work = async () => {
    for (let target = waiting.shift(); target !== undefined; target = waiting.shift()) {
      const result = await fuzzInWorker(target.name, options);
      runs += result.accepted + result.refused;
      defects += result.defects.length;
      for (const line of reportLines(result, options.seed)) console.log(line);
      for (const { input } of keep ? result.defects : []) {
        if (input !== undefined) console.log(`  kept as corpus/${await keepInput({ target: target.name, input })}`);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers, chosen.length) }, work));
  console.log(`${chosen.length} targets, ${runs} runs, ${defects} defects, seed ${options.seed}`);
  return defects === 0 ? 0 : 1;
}

import { type BenchOptions, readOptions, USAGE } from './options.ts';
import { parts } from './parts.ts';
import { describeMachine, machineLines } from './report/machine.ts';

const options = optionsOrUsage(process.argv.slice(2));
if (options === undefined) process.exitCode = 2;
else if (options.help) console.log(USAGE);
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

async function bench(options: BenchOptions): Promise<void> {
  const machine = describeMachine();
  const found: Record<string, object> = { machine };
  if (!options.json) for (const line of machineLines(machine)) console.log(line);
  for (const name of options.parts) {
    const { json, lines } = await parts[name](options);
    found[name] = json;
    if (!options.json) for (const line of ['', ...lines]) console.log(line);
  }
  if (options.json) console.log(JSON.stringify(found, undefined, 2));
}

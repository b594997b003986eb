import type { FuzzResult } from './fuzz-target.ts';

/** A target's result in lines: the counts, the refusals by code, the defects and how each is seen again. */
export function reportLines(result: FuzzResult, seed: number): readonly string[] {
  const { target, runs, accepted, refused, outcomes, slowest, largest, growth, seconds, defects } = result;
  const counts = `${runs} runs, ${accepted} accepted, ${refused} refused, ${seconds.toFixed(1)} s`;
  const worst = `slowest run ${slowest.milliseconds.toFixed(1)} ms (${slowest.run}), largest input ${largest}`;
  const heap = growth === undefined ? '' : `, heap ${growth >= 0 ? '+' : ''}${(growth / 2 ** 20).toFixed(1)} MiB`;
  const codes = [...outcomes].sort(([, a], [, b]) => b - a).map(([outcome, times]) => `${outcome} ${times}`);
  return [
    `${defects.length === 0 ? 'ok  ' : 'FAIL'} ${target}: ${counts}; ${worst}${heap}`,
    ...codes.map((code) => `       ${code}`),
    ...defects.flatMap(({ run, what, input }) => [
      `  DEFECT in run ${run}: ${what}`,
      ...(input === undefined ? [] : [`    input: ${shown(input)}`]),
      `    again: pnpm fuzz --only "${target}" --seed ${seed} --from ${run} --runs 1`,
    ]),
  ];
}

function shown(input: string | Uint8Array): string {
  if (typeof input === 'string') return JSON.stringify(input.slice(0, 4_000));
  return `base64 ${Buffer.from(input).toString('base64').slice(0, 4_000)}`;
}

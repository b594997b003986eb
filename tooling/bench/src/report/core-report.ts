import type { CoreResult } from '../core/measure-core.ts';
import { price, ratio } from './figures.ts';
import { coreGoals } from './goals.ts';
import { table } from './table.ts';
import { verdictText } from './verdict.ts';

/** What the whole takes with each provider, beside what it cannot do without. */
export function coreLines(results: Readonly<Record<string, readonly CoreResult[]>>): readonly string[] {
  return Object.entries(results).flatMap(([provider, of], index) => [
    ...(index === 0 ? [] : ['']),
    `The whole, provider ${provider}: medians of ${of[0]?.rounds ?? 0} rounds, ratios with their quartiles`,
    ...table([['job', 'what', 'us', 'against', 'us', 'job / it', 'goal'], ...of.flatMap(rowsOf)]),
  ]);
}

function rowsOf(result: CoreResult): readonly (readonly string[])[] {
  return Object.entries(result.against).map(([name, other], index) => [
    index === 0 ? `(${result.id})` : '',
    index === 0 ? `${result.title}, per ${result.unit}` : '',
    index === 0 ? price(result.us) : '',
    name,
    price(other.us),
    ratio(other.ratio),
    goalCell(result, name),
  ]);
}

function goalCell({ id, against }: CoreResult, name: string): string {
  const goal = coreGoals.find((one) => one.job === id && one.against === name);
  return goal === undefined ? 'none' : verdictText(against[name]?.ratio, goal, name);
}

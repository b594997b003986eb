import { type Operations, operationNames } from '../operations.ts';
import type { Ways } from './fastest.ts';

/** The operations of one unit, one after the other, each in its fastest way: what the job is compared with. */
export function limitOf(operations: Operations, ways: Ways): (units: number) => void {
  const runs = operationNames.flatMap((name) => {
    const count = operations[name] ?? 0;
    if (count === 0) return [];
    const way = ways[name];
    if (way === undefined) throw new RangeError(`nothing here can do ${name}`);
    return [{ run: way.run, count }];
  });
  return (units) => {
    for (let unit = 0; unit < units; unit++) {
      for (const { run, count } of runs) for (let time = 0; time < count; time++) run();
    }
  };
}

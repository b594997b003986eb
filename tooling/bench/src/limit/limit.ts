import { type OperationName, type Operations, operationNames } from '../operations.ts';
import type { Fastest } from './fastest.ts';

/** The operations of one unit, one after the other, each in the fastest way: what the job is compared with. */
export function limitOf(operations: Operations, fastest: Fastest): (units: number) => void {
  const runs = operationNames.flatMap((name) => {
    const count = operations[name] ?? 0;
    return count === 0 ? [] : [{ run: fastest[name].way.run, count }];
  });
  return (units) => {
    for (let unit = 0; unit < units; unit++) {
      for (const { run, count } of runs) for (let time = 0; time < count; time++) run();
    }
  };
}

/** The same from the prices alone. */
export function sumOf(operations: Operations, fastest: Fastest): number {
  return operationNames.reduce((sum, name: OperationName) => sum + (operations[name] ?? 0) * fastest[name].us, 0);
}

import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { openStore } from '../../stores/open-store.ts';
import type { StoreLocation } from '../../stores/store-location.ts';
import { describe } from './describe.ts';
import type { Order, Report, VictimOptions } from './messages.ts';
import { Victim } from './victim.ts';
import type { Parking } from './windows.ts';

/** What a victim that is a process is started with, as its one argument in JSON. */
export interface ProcessOptions {
  readonly victim: VictimOptions;
  readonly location: StoreLocation;
}

const { victim: options, location } = JSON.parse(process.argv[2] ?? '') as ProcessOptions;

/** Returns only when the parent has the line in its pipe: what was told is known, whatever happens next. */
function tell(report: Report): void {
  const line = new TextEncoder().encode(`${JSON.stringify(report)}\n`);
  for (let at = 0; at < line.length; ) {
    try {
      at += writeSync(1, line, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
}

let goOn: (() => void) | undefined;

/** Milliseconds after which nobody can be there any more who would kill. */
const LONGEST_STAND = 60_000;

function standStill(until: Parking['until']): Promise<void> {
  if (until === 'killed') {
    // Nothing goes on meanwhile, not even what was put off.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LONGEST_STAND);
    process.kill(process.pid, 'SIGKILL');
  }
  return new Promise((resolve) => {
    goOn = resolve;
  });
}

try {
  tell({ type: 'hello' });
  const victim = await Victim.open(options, { tell, standStill, openStore: () => openStore(location) });
  for await (const line of createInterface(process.stdin)) {
    const order = JSON.parse(line) as Order;
    if (order.type === 'go-on') goOn?.();
    else victim.obey(order);
  }
} catch (error) {
  tell({ type: 'fatal', what: describe(error) });
}
// The parent has gone, or there is nothing to go on with.
process.exit();

import { openStore, type StoreLocation } from '../stores/open-store.ts';
import type { Order, Report, WriterOptions } from './messages.ts';
import { Writer } from './writer.ts';

/** What a writer that is a process is started with, as its one argument in JSON. */
export interface ProcessOptions {
  readonly writer: WriterOptions;
  readonly location: StoreLocation;
}

const { writer: options, location } = JSON.parse(process.argv[2] ?? '') as ProcessOptions;

function tell(report: Report): void {
  process.send?.(report, undefined, undefined, () => {
    // Only the last word ends the process, and not before the parent has it.
    if (report.type === 'finished') void opened.close().finally(() => process.exit());
  });
}

// A parent that is gone has nobody to write to.
process.on('disconnect', () => process.exit(1));
const opened = await openStore(location);
const writer = await Writer.open(options, opened.store, tell);
process.on('message', (order: Order) => writer.obey(order));

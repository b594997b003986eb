import { IndexedDbStore } from '@omemo-kit/storage-indexeddb';
import type { Order, Report, WriterOptions } from './messages.ts';
import { Writer } from './writer.ts';

/** What a page or worker offers to the parent, who can call it and cannot be called. */

const reports: Report[] = [];
let wake = () => {};
let writer: Writer | undefined;

function tell(report: Report): void {
  reports.push(report);
  wake();
}

export async function open(options: WriterOptions, name: string): Promise<void> {
  writer = await Writer.open(options, await IndexedDbStore.open({ name, persist: 'never' }), tell);
}

export function obey(orders: readonly Order[]): void {
  for (const order of orders) writer?.obey(order);
}

/** What there is to tell, waiting until there is something. */
export async function takeReports(): Promise<readonly Report[]> {
  if (reports.length === 0) {
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
  return reports.splice(0);
}

import type { NodeOptions } from '../ports/transport.ts';

export const ACCESS_MODEL = 'pubsub#access_model';
export const MAX_ITEMS = 'pubsub#max_items';

/** Anybody may read device lists (R51, R123) and bundles (R68), also without being online (R120). XEP-0384 5.3.1, 5.3.2, 7.1. */
const OPEN: NodeOptions = { [ACCESS_MODEL]: 'open', 'pubsub#persist_items': 'true' };
/** "The value for 'pubsub#max_items' in publish_options MUST be set to 'max'" (XEP-0384 5.3.2, R66; 7.1, R122). */
const MANY: NodeOptions = { ...OPEN, [MAX_ITEMS]: 'max' };

/** Numbers to ask for where a server knows no "max" (X05). */
const FALLBACK_MAX_ITEMS = ['1000', '255', '100', '10'];

/** @param items how many a node has to hold: one device list, or a bundle for each device. */
export function optionsFor(items: 'one' | 'many'): NodeOptions {
  return items === 'many' ? MANY : OPEN;
}

/** The options, and then those that ask for less. */
export function variantsOf(options: NodeOptions): readonly NodeOptions[] {
  if (options[MAX_ITEMS] === undefined) return [options];
  return [options, ...FALLBACK_MAX_ITEMS.map((maxItems) => ({ ...options, [MAX_ITEMS]: maxItems }))];
}

/** Whether a field is good enough for so many devices; one that the server does not show is nobody's fault. */
export function suffices(
  field: string,
  input: { readonly asked: string; readonly got: string; readonly devices: number },
) {
  const { asked, got, devices } = input;
  if (field === MAX_ITEMS) return got === 'max' || Number(got) >= devices;
  return got === asked || (asked === 'true' && got === '1');
}

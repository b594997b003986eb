import type { AccountContext } from '../context.ts';
import { type NodeOptions, TransportError } from '../ports/transport.ts';
import type { NodeConfigurationReport } from './node-configuration-report.ts';
import { ACCESS_MODEL, MAX_ITEMS, suffices, variantsOf } from './node-options.ts';
import { readNodeConfiguration } from './read-node-configuration.ts';
import { isUnanswered } from './unanswered.ts';

export interface Node {
  readonly node: string;
  readonly options: NodeOptions;
}

/** `absent`: there is no such node. `refused`: it cannot be configured, and nobody knows how it is. */
export type Prepared = { readonly access: string | undefined } | 'absent' | 'refused';

/**
 * Sees to it that a node of the own account is as OMEMO needs it, whoever made it (XEP-0384 5.3.2, XEP-0060 8.2, R65, R67, S54, S55),
 * with the widest number of items that the server takes, and reports what was wrong with it or is still.
 *
 * @throws TransportError when there was no answer.
 */
export async function prepareNode(
  context: AccountContext,
  { node, options }: Node,
  signal?: AbortSignal,
): Promise<Prepared> {
  const before = await readNodeConfiguration(context, node, signal);
  if (before === 'absent') return 'absent';
  const devices = context.limits.maxDevices;
  const wrong = Object.entries(options).filter(
    ([field, asked]) => before !== 'unknown' && !isRight(before[field], { field, asked, devices }),
  );
  if (before !== 'unknown' && wrong.length === 0) return { access: before[ACCESS_MODEL] };
  const set = await configureNode(context, { node, options }, signal);
  if (set === 'absent') return 'absent';
  const read = before === 'unknown' ? 'unknown' : await readNodeConfiguration(context, node, signal);
  const now = typeof read === 'string' ? (set ?? {}) : read;
  for (const [field, asked] of before === 'unknown' ? Object.entries(options) : wrong) {
    const report = reportOn({ node, field, asked, got: now[field] });
    if (before !== 'unknown' || report.outcome !== 'repaired') context.emit('node-configuration', report);
  }
  return set === undefined && read === 'unknown' ? 'refused' : { access: now[ACCESS_MODEL] };
}

/** Configures a node; returns what of it the server took, undefined for nothing. */
async function configureNode(
  context: AccountContext,
  { node, options }: Node,
  signal: AbortSignal | undefined,
): Promise<NodeOptions | 'absent' | undefined> {
  for (const variant of variantsOf(options)) {
    try {
      await context.transport.configure({ node, options: variant }, signal);
      return variant;
    } catch (error) {
      if (!(error instanceof TransportError) || isUnanswered(error)) throw error;
      if (error.condition === 'item-not-found') return 'absent';
    }
  }
  return undefined;
}

/** A field that the server does not show cannot be judged. */
function isRight(
  got: string | undefined,
  { field, asked, devices }: { readonly field: string; readonly asked: string; readonly devices: number },
): boolean {
  return got === undefined || suffices(field, { asked, got, devices });
}

function reportOn(found: Omit<NodeConfigurationReport, 'outcome'>): NodeConfigurationReport {
  const { field, asked, got } = found;
  if (got !== undefined && suffices(field, { asked, got, devices: Number.POSITIVE_INFINITY })) {
    return { ...found, outcome: 'repaired' };
  }
  // Fewer bundles than anybody could have devices, but more than one.
  const enough = field === MAX_ITEMS && got !== undefined && Number(got) > 1;
  return { ...found, outcome: enough ? 'worked-around' : 'remains' };
}

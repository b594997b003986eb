import type { Element } from 'ltx';
import { NS_MAM, NS_RSM } from '../namespaces.ts';
import { submitForm } from '../stanzas/data-form.ts';
import { xml } from '../stanzas/element.ts';

export interface PageRequest {
  readonly queryId: string;
  /** Undefined for the own account. */
  readonly archive: string | undefined;
  readonly limit: number;
  readonly after?: string | undefined;
  readonly since?: Date | undefined;
  /** `end`: the last page in place of the first (XEP-0059 2.5). */
  readonly before?: 'end';
}

/** Asks for one page of an archive (XEP-0313 4, XEP-0059). */
export function archiveQuery({ queryId, archive, limit, after, since, before }: PageRequest): Element {
  const set = xml('set', { xmlns: NS_RSM }, xml('max', {}, String(limit)));
  if (after !== undefined) set.cnode(xml('after', {}, after));
  if (before === 'end') set.cnode(xml('before', {}));
  const query = xml('query', { xmlns: NS_MAM, queryid: queryId });
  // An id says it better than a time: with both, messages of the same second would come twice.
  if (after === undefined && since !== undefined) query.cnode(submitForm(NS_MAM, { start: since.toISOString() }));
  query.cnode(set);
  return xml('iq', { type: 'set', to: archive }, query);
}

import type { Element } from 'ltx';
import { NS_MAM, NS_RSM } from '../namespaces.ts';
import { attribute } from '../stanzas/element.ts';

/** What the answer to an archive query says of its page: the last id in it, and whether that was the end. */
export function readPageEnd(answer: Element): { readonly last: string | undefined; readonly complete: boolean } {
  const fin = answer.getChild('fin', NS_MAM);
  const last = fin?.getChild('set', NS_RSM)?.getChildText('last') ?? '';
  const complete = attribute(fin, 'complete');
  return { last: last === '' ? undefined : last, complete: complete === 'true' || complete === '1' };
}

import type { Element } from 'ltx';
import { cloneOf } from '../mutate/tree.ts';

/** An answer for another one: whatever is in it, it answers what was asked. */
export function inPlaceOf({ attrs }: Element, answer: Element): Element {
  const changed = cloneOf(answer);
  changed.name = 'iq';
  Object.assign(changed.attrs, { id: attrs['id'], to: attrs['to'], from: attrs['from'], type: 'result' });
  return changed;
}

import type { Element } from 'ltx';
import { parseDateTime } from '../envelope/date-time.ts';
import { WireError } from '../wire-error.ts';
import { attributeOf, childrenNamed } from '../xml/read-element.ts';

const NS_DELAY = 'urn:xmpp:delay';

/** A `<delay/>` (XEP-0203): when somebody says that the stanza was first sent. Servers write it, nobody proves it. */
export interface Delay {
  readonly stamp: Date;
  /** Who says so, as written. */
  readonly from?: string;
}

/** The first `<delay/>` whose stamp can be read. */
export function readDelay(parent: Element): Delay | undefined {
  for (const element of childrenNamed(parent, { name: 'delay', namespace: NS_DELAY })) {
    const text = attributeOf(element, 'stamp');
    const stamp = text === undefined ? undefined : readStamp(text);
    if (stamp === undefined) continue;
    const from = attributeOf(element, 'from');
    return from === undefined ? { stamp } : { stamp, from };
  }
  return undefined;
}

function readStamp(text: string): Date | undefined {
  try {
    return parseDateTime(text);
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

import type { Unwrapped } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';
import type { AccountContext } from '../context.ts';
import type { StanzaFacts } from '../records/delivery.ts';

/** An attribute's text; undefined for anything else. */
export function stanzaAttribute(element: Element, name: string): string | undefined {
  const value: unknown = element.attrs[name];
  return typeof value === 'string' ? value : undefined;
}

const VIA = { plain: 'direct', carbon: 'carbon', archived: 'archive' } as const;

/** What a stanza says in the clear. One without `from` is of the own account (RFC 6120 8.1.2.1). */
export function stanzaFacts({ jid }: AccountContext, stanza: Element, kind: Unwrapped['kind']): StanzaFacts {
  return {
    via: VIA[kind],
    id: stanzaAttribute(stanza, 'id'),
    type: stanzaAttribute(stanza, 'type') ?? 'normal',
    from: stanzaAttribute(stanza, 'from') ?? jid,
    to: stanzaAttribute(stanza, 'to'),
  };
}

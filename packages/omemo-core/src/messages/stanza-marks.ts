import { textArgument } from '../arguments.ts';

/**
 * What a message says in the clear about being encrypted, for clients that cannot read it and for servers. All of it is off by
 * default: XEP-0420 lets no body stand beside encrypted content (X34), and old clients take `<encryption/>` well but need none.
 * Empty messages never carry any of it.
 */
export interface StanzaMarks {
  /** `on`: `<encryption/>` of XEP-0380, by which a client without OMEMO can say what it cannot read. */
  readonly explicitEncryption?: 'on' | 'off';
  /** Text shown by clients without OMEMO, such as "This message is encrypted with OMEMO."; `''` for none. */
  readonly fallbackBody?: string;
}

/** The marks of one message over those of all. @throws OmemoError `invalid-argument` for a body that XML cannot carry. */
export function marksWith(all: StanzaMarks, one: StanzaMarks | undefined): StanzaMarks {
  const marks = { ...all, ...one };
  if (marks.fallbackBody !== undefined) textArgument(marks.fallbackBody);
  return marks;
}

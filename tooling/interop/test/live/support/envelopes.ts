import { parseEnvelope, serializeEnvelope } from '@omemo-kit/omemo-wire';
import { Element } from 'ltx';

/** Text of a message as the content of an SCE envelope. */
export function body(text: string): Element {
  return new Element('body', { xmlns: 'jabber:client' }).t(text);
}

export interface Affixes {
  /** Bare JIDs. */
  readonly from: string;
  readonly to: string;
}

/** The envelope of a client that is not ours: python-omemo leaves it to its caller. */
export function envelopeOf(text: string, { from, to }: Affixes): Uint8Array {
  return serializeEnvelope({
    content: [body(text)],
    from,
    to,
    time: new Date(),
    padding: 'x'.repeat(text.length % 50),
  });
}

/** The text in an envelope whose affixes are these; otherwise what is wrong with it. */
export function textIn(envelope: Uint8Array, { from, to }: Affixes): string {
  const read = parseEnvelope(envelope);
  if (read.from !== from || read.to !== to) return `an envelope from ${read.from} to ${read.to}`;
  return read.content[0]?.text() ?? 'an envelope without content';
}

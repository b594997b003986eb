import type { Element } from 'ltx';
import { bareJidOf } from '../address/bare-jid.ts';
import { limitOf, type WireLimits } from '../limits.ts';
import { NS_SCE } from '../namespaces.ts';
import { WireError } from '../wire-error.ts';
import { parseXml } from '../xml/parse-xml.ts';
import { childElements, expectElement, onlyChild, optionalChild, requiredAttribute } from '../xml/read-element.ts';
import { standAlone } from '../xml/stand-alone.ts';
import { parseDateTime } from './date-time.ts';
import { isForbiddenContent } from './forbidden-content.ts';

/** A decrypted SCE envelope (XEP-0420). The affixes are claims to be compared with the stanza around it. */
export interface Envelope {
  /** Children of `<content/>`, each declaring its own namespace, without those that XEP-0420 forbids there. */
  readonly content: readonly Element[];
  /** `jid` of `<from/>`, as written: a JID that parses. */
  readonly from?: string;
  /** `jid` of `<to/>`, as written: a JID that parses. */
  readonly to?: string;
  /** `stamp` of `<time/>`. */
  readonly time?: Date;
}

/**
 * Reads a decrypted envelope. The XML went past every server unseen, so it is parsed by `parseXml` under its limits.
 * Exactly one `<content/>`; `<from/>`, `<to/>` and `<time/>` at most once each. Padding is neither required nor limited
 * (XEP-0420: longer ones must not be rejected); unknown affixes are ignored. Whether the affixes are true is for the
 * caller, who knows the stanza (S38). Throws a `WireError`.
 */
export function parseEnvelope(bytes: Uint8Array, overrides?: Partial<WireLimits>): Envelope {
  const envelope = parseXml(decodeUtf8(bytes, limitOf('payloadBytes', overrides)), overrides);
  expectElement(envelope, { name: 'envelope', namespace: NS_SCE });
  const content = onlyChild(envelope, { name: 'content', namespace: NS_SCE });
  const from = jidAffix(envelope, 'from');
  const to = jidAffix(envelope, 'to');
  const time = optionalChild(envelope, { name: 'time', namespace: NS_SCE });
  return {
    content: childElements(content)
      .filter((element) => !isForbiddenContent(element))
      .map(standAlone),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(time === undefined ? {} : { time: parseDateTime(requiredAttribute(time, 'stamp')) }),
  };
}

function jidAffix(envelope: Element, name: string): string | undefined {
  const affix = optionalChild(envelope, { name, namespace: NS_SCE });
  if (affix === undefined) return undefined;
  const jid = requiredAttribute(affix, 'jid');
  bareJidOf(jid);
  return jid;
}

function decodeUtf8(bytes: Uint8Array, limit: number): string {
  if (!(bytes instanceof Uint8Array))
    throw new WireError('invalid-argument', 'an envelope must be given as Uint8Array');
  if (bytes.length > limit) {
    throw new WireError('too-large', `the envelope has more than ${limit} bytes`, {
      details: { in: 'envelope', limit, actual: bytes.length },
    });
  }
  try {
    // A byte order mark is kept, so that it is refused as text in front of the element.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new WireError('invalid-utf8', 'the envelope is not UTF-8', { cause });
  }
}

import type { Element } from 'ltx';
import { encodeBase64 } from '../base64.ts';
import { writeOwnId } from '../device-id.ts';
import { limitOf, type WireLimits } from '../limits.ts';
import { NS_OMEMO } from '../namespaces.ts';
import { WireError } from '../wire-error.ts';
import { appendElement, appendText, createElement } from '../xml/element.ts';
import { childrenNamed, expectElement, onlyChild } from '../xml/read-element.ts';
import { fixedBase64Content, idAttribute } from '../xml/read-values.ts';

const KEY_LENGTH = 32;
const SIGNATURE_LENGTH = 64;

/** One `<pk/>` of a bundle. */
export interface WirePreKey {
  readonly id: number;
  /** 32 bytes, not checked to be a point. */
  readonly publicKey: Uint8Array;
}

/** A `<bundle/>` (XEP-0384 5.3.2) as it travels: lengths are right, nothing else is checked. */
export interface WireBundle {
  /** Id of the signed pre-key. */
  readonly spkId: number;
  /** Signed pre-key, 32 bytes. */
  readonly spk: Uint8Array;
  /** Its signature, 64 bytes. */
  readonly spks: Uint8Array;
  /** Identity key in its Ed25519 form, 32 bytes. */
  readonly ik: Uint8Array;
  readonly preKeys: readonly WirePreKey[];
}

/**
 * Reads a `<bundle/>` element: exactly one each of `<spk/>`, `<spks/>`, `<ik/>` and `<prekeys/>`, in any order. A list
 * without pre-keys and repeated pre-key ids are left to the key agreement to refuse, as are signature and points. Throws
 * a `WireError`.
 */
export function parseBundle(element: Element, overrides?: Partial<WireLimits>): WireBundle {
  expectElement(element, { name: 'bundle', namespace: NS_OMEMO });
  const child = (name: string) => onlyChild(element, { name, namespace: NS_OMEMO });
  const spk = child('spk');
  const pks = childrenNamed(child('prekeys'), { name: 'pk', namespace: NS_OMEMO });
  const limit = limitOf('preKeysPerBundle', overrides);
  if (pks.length > limit) {
    throw new WireError('too-many', `the bundle has more than ${limit} pre-keys`, {
      details: { in: 'bundle', limit, actual: pks.length },
    });
  }
  return {
    spkId: idAttribute(spk, 'id'),
    spk: fixedBase64Content(spk, { part: 'spk', length: KEY_LENGTH }),
    spks: fixedBase64Content(child('spks'), { part: 'spks', length: SIGNATURE_LENGTH }),
    ik: fixedBase64Content(child('ik'), { part: 'ik', length: KEY_LENGTH }),
    preKeys: pks.map((pk) => ({
      id: idAttribute(pk, 'id'),
      publicKey: fixedBase64Content(pk, { part: 'pk', length: KEY_LENGTH }),
    })),
  };
}

/**
 * Writes a `<bundle/>` element. Throws `invalid-id` for an id outside 1..2^31-1 (5.3.2), `wrong-length`, and
 * `repeated-element` for two pre-keys with one id.
 */
export function serializeBundle({ spkId, spk, spks, ik, preKeys }: WireBundle): Element {
  const element = createElement('bundle', { xmlns: NS_OMEMO });
  appendText(element, 'spk', { text: write('spk', spk, KEY_LENGTH), attributes: { id: writeOwnId(spkId, 'spk id') } });
  appendText(element, 'spks', { text: write('spks', spks, SIGNATURE_LENGTH) });
  appendText(element, 'ik', { text: write('ik', ik, KEY_LENGTH) });
  const list = appendElement(element, 'prekeys');
  const seen = new Set<number>();
  for (const { id, publicKey } of preKeys) {
    if (seen.has(id)) {
      throw new WireError('repeated-element', 'two pre-keys have one id', { details: { in: 'prekeys', part: 'pk' } });
    }
    seen.add(id);
    appendText(list, 'pk', { text: write('pk', publicKey, KEY_LENGTH), attributes: { id: writeOwnId(id, 'pk id') } });
  }
  return element;
}

function write(part: string, bytes: Uint8Array, length: number): string {
  if (bytes.length === length) return encodeBase64(bytes);
  throw new WireError('wrong-length', `${part} must have ${length} bytes`, {
    details: { in: 'bundle', part, limit: length, actual: bytes.length },
  });
}

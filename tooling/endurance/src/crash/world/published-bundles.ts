import { omemo2 } from '@omemo-kit/omemo-core';
import { decodeBase64, decodeKeyContent, NS_OMEMO } from '@omemo-kit/omemo-wire';
import { hex } from '@omemo-kit/scenarios/spent-keys';
import type { Element } from 'ltx';

/**
 * The oracle of used pre-keys: watches the bundles that the victim publishes and the key exchanges that it read. A
 * pre-key that was used, or that was taken out of the bundle once, must never be in one again.
 */
export class PublishedBundles {
  readonly violations: string[] = [];
  readonly used = new Set<number>();
  readonly #keys = new Map<number, string>();
  readonly #gone = new Set<number>();
  #last: readonly number[] = [];
  published = 0;

  /** The victim publishes a bundle. */
  publish(element: Element): void {
    const { preKeys } = omemo2.elements.readBundle(element);
    const ids = preKeys.map(({ id }) => id);
    this.published += 1;
    for (const { id, publicKey } of preKeys) {
      const key = hex(publicKey);
      if (this.used.has(id)) this.violations.push(`pre-key ${id} was used and is published again`);
      else if (this.#gone.has(id))
        this.violations.push(`pre-key ${id} had gone from the bundle and is published again`);
      if ((this.#keys.get(id) ?? key) !== key) this.violations.push(`the id ${id} is given to two pre-keys`);
      this.#keys.set(id, key);
    }
    for (const id of this.#last) if (!ids.includes(id)) this.#gone.add(id);
    this.#last = ids;
  }

  /** The victim read this: what key exchange it holds for it has used its pre-key. */
  read(encrypted: Element, { jid }: { readonly jid: string }): void {
    for (const id of preKeysIn(encrypted, jid)) this.used.add(id);
  }
}

/** Ids of the pre-keys that an `<encrypted/>` uses of an account that has one device. */
function preKeysIn(encrypted: Element, jid: string): readonly number[] {
  const header = encrypted.getChild('header', NS_OMEMO);
  const keys = (header?.getChildren('keys', NS_OMEMO) ?? []).filter((one) => one.attrs['jid'] === jid);
  return keys
    .flatMap((one) => one.getChildren('key', NS_OMEMO))
    .flatMap((key) => {
      const content = decodeKeyContent(decodeBase64(key.text()));
      return content.type === 'key-exchange' ? [content.pkId] : [];
    });
}

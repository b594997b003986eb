import { decodeBase64, decodeKeyContent, type KeyContent } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';
import type { Letter } from './post.ts';

type KeyExchange = Extract<KeyContent, { type: 'key-exchange' }>;

/** The only `<key>` of a message that has one. */
function onlyKey({ stanza }: Letter): Element {
  const keys = stanza.getChild('encrypted')?.getChild('header')?.getChildren('keys') ?? [];
  const all = keys.flatMap((group) => group.getChildren('key'));
  if (all.length !== 1) throw new TypeError(`the message has ${all.length} keys`);
  return all[0]!;
}

/** The key exchange in a message for one device, if that is what its `kex` attribute and its bytes say. */
export function keyExchangeIn(letter: Letter): KeyExchange | undefined {
  const key = onlyKey(letter);
  const content = decodeKeyContent(decodeBase64(key.text()));
  const announced = key.attrs['kex'] !== undefined;
  if (announced !== (content.type === 'key-exchange'))
    throw new TypeError('the kex attribute is not what the bytes are');
  return content.type === 'key-exchange' ? content : undefined;
}

export function isEmpty({ stanza }: Letter): boolean {
  return stanza.getChild('encrypted')?.getChild('payload') === undefined;
}

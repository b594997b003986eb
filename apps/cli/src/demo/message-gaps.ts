import { decodeAuthenticatedMessage, decodeKeyContent, decodeOmemoMessage, encodeBase64 } from '@omemo-kit/omemo-wire';

/** Where a message stands among those of its sender: the header of the ratchet, which is authenticated but not secret. */
export interface MessagePlace {
  /** `n`: number in its chain. */
  readonly number: number;
  /** `pn`: length of the chain before. */
  readonly previousChainLength: number;
  /** `dh_pub`, which tells chains apart, in base64. */
  readonly chain: string;
}

/** Reads the place off the content of a `<key>`. Throws a `WireError`. */
export function placeOf(key: Uint8Array): MessagePlace {
  const { message } = decodeKeyContent(key);
  const { n, pn, dhPub } = decodeOmemoMessage(decodeAuthenticatedMessage(message).message);
  return { number: n, previousChainLength: pn, chain: encodeBase64(dhPub) };
}

interface Chain {
  readonly name: string;
  next: number;
}

/** Tells, for the messages of one device, how many are missing before the one that came. */
export class MessageGaps {
  #chain: Chain | undefined;
  readonly #missing = new Set<string>();

  /** To be told every message that authenticated, empty ones too, in the order they came. */
  note({ number, previousChainLength, chain }: MessagePlace): { missing: number; order: 'in-order' | 'late' } {
    if (this.#missing.delete(`${chain} ${number}`)) return { missing: 0, order: 'late' };
    const before = this.#missing.size;
    if (this.#chain?.name !== chain) {
      if (this.#chain !== undefined) this.#miss(this.#chain, previousChainLength);
      this.#chain = { name: chain, next: 0 };
    }
    this.#miss(this.#chain, number);
    this.#chain.next = number + 1;
    return { missing: this.#missing.size - before, order: 'in-order' };
  }

  #miss(chain: Chain, until: number): void {
    for (let number = chain.next; number < until; number++) this.#missing.add(`${chain.name} ${number}`);
  }
}

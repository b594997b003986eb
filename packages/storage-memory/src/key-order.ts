/** More new keys than this are sorted in at once; fewer are inserted one by one. */
const insertAtMost = 64;

/** A set of keys in byte order. ASCII keys compare by code unit as they do by byte. */
export class KeyOrder {
  #keys: string[] = [];

  get length(): number {
    return this.#keys.length;
  }

  /** Adds keys, none of which is there yet. */
  add(keys: readonly string[]): void {
    if (keys.length > insertAtMost) {
      this.#keys.push(...keys);
      this.#keys.sort(compareKeys);
    } else {
      for (const key of keys) this.#keys.splice(this.#position(key), 0, key);
    }
  }

  /** Removes keys that are there. */
  remove(keys: readonly string[]): void {
    if (keys.length > insertAtMost) {
      const gone = new Set(keys);
      this.#keys = this.#keys.filter((key) => !gone.has(key));
    } else {
      for (const key of keys) this.#keys.splice(this.#position(key), 1);
    }
  }

  /** The first `limit` keys from `from` on and below `below`. */
  range(from: string, below: string | undefined, limit: number): string[] {
    const start = this.#position(from);
    const end = below === undefined ? this.#keys.length : this.#position(below);
    return this.#keys.slice(start, Math.min(end, start + limit));
  }

  /** Index of the first key that is not below `key`. */
  #position(key: string): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#keys[middle]! < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function compareKeys(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const KEPT = 4;

/**
 * What was made of the public keys that came last, found by their bytes. One step uses a peer's key up to three times and then hardly
 * ever again, so four are enough. A WeakMap for all of them cost more than it saved: with its entries for private keys, 15 us of
 * garbage collection for each message of a ping-pong, where an import takes 2 us (Node 26) to 20 us (Node 24).
 */
export class RecentKeys<T> {
  readonly #entries: { readonly bytes: Uint8Array; readonly value: T }[] = [];
  #oldest = 0;

  get(bytes: Uint8Array): T | undefined {
    // Public keys: nothing is told by how long it takes.
    for (const entry of this.#entries) if (isSame(entry.bytes, bytes)) return entry.value;
    return undefined;
  }

  /** Takes a copy of the bytes; the oldest entry goes. */
  set(bytes: Uint8Array, value: T): void {
    this.#entries[this.#oldest] = { bytes: new Uint8Array(bytes), value };
    this.#oldest = (this.#oldest + 1) % KEPT;
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false;
  return true;
}

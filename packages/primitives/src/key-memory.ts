/**
 * What was found out about a public key, for as long as the key object lives. The bytes are compared on every look, so an array
 * that somebody changed is never taken for the key that it was.
 */
export class KeyMemory<T> {
  readonly #known = new WeakMap<Uint8Array, { readonly bytes: Uint8Array; readonly value: T }>();

  get(key: Uint8Array): T | undefined {
    const entry = this.#known.get(key);
    if (entry === undefined || entry.bytes.length !== key.length) return undefined;
    for (let i = 0; i < key.length; i++) if (entry.bytes[i] !== key[i]) return undefined;
    return entry.value;
  }

  set(key: Uint8Array, value: T): void {
    this.#known.set(key, { bytes: new Uint8Array(key), value });
  }
}

/** `count` of the items, drawn by a seed; the same ones in the same order for the same seed. */
export function draw<T>(items: readonly T[], count: number, seed: number): readonly T[] {
  const left = [...items];
  const next = xorshift(seed);
  const drawn: T[] = [];
  while (drawn.length < count && left.length > 0) {
    drawn.push(...left.splice(next() % left.length, 1));
  }
  return drawn;
}

/** Marsaglia's xorshift of 32 bits. */
function xorshift(seed: number): () => number {
  // A state of 0 would stay 0.
  let state = (seed ^ 0x9e37_79b9) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
}

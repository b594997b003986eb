import fc from 'fast-check';

/** One change of some bytes. `at` and `length` are fractions of what there is. */
type ByteMutation = (bytes: Uint8Array) => Uint8Array;

const position = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** Places where varints, lengths and wire types change their meaning. */
const edgeByte = fc.constantFrom(0x00, 0x01, 0x07, 0x0f, 0x10, 0x1f, 0x20, 0x21, 0x7f, 0x80, 0x81, 0xff);

function mutation(others: readonly Uint8Array[]): fc.Arbitrary<ByteMutation> {
  const index = (bytes: Uint8Array, at: number) => Math.floor(at * bytes.length);
  return fc.oneof(
    fc.tuple(position, fc.integer({ min: 0, max: 7 })).map(([at, bit]) => (bytes: Uint8Array) => {
      const changed = bytes.slice();
      const where = index(bytes, at);
      if (where < changed.length) changed[where] = changed[where]! ^ (1 << bit);
      return changed;
    }),
    fc.tuple(position, fc.oneof(edgeByte, fc.nat(255))).map(([at, value]) => (bytes: Uint8Array) => {
      const changed = bytes.slice();
      const where = index(bytes, at);
      if (where < changed.length) changed[where] = value;
      return changed;
    }),
    position.map((at) => (bytes: Uint8Array) => bytes.slice(0, index(bytes, at))),
    position.map((at) => (bytes: Uint8Array) => bytes.slice(index(bytes, at))),
    fc.tuple(position, fc.uint8Array({ minLength: 1, maxLength: 12 })).map(([at, inserted]) => (bytes: Uint8Array) => {
      const where = index(bytes, at);
      return Uint8Array.of(...bytes.slice(0, where), ...inserted, ...bytes.slice(where));
    }),
    fc.tuple(position, position).map(([at, length]) => (bytes: Uint8Array) => {
      const where = index(bytes, at);
      const end = where + Math.ceil(length * (bytes.length - where));
      return Uint8Array.of(...bytes.slice(0, where), ...bytes.slice(end));
    }),
    fc.tuple(position, position).map(([at, length]) => (bytes: Uint8Array) => {
      const where = index(bytes, at);
      const end = where + Math.ceil(length * (bytes.length - where));
      return Uint8Array.of(...bytes.slice(0, end), ...bytes.slice(where));
    }),
    fc.tuple(position, position, fc.constantFrom(...others)).map(([at, from, other]) => (bytes: Uint8Array) => {
      return Uint8Array.of(...bytes.slice(0, index(bytes, at)), ...other.slice(index(other, from)));
    }),
  );
}

/** One of the samples after one to four changes: bits, bytes, cuts, insertions, repetitions and splices. */
export function mutatedBytes(samples: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  return fc
    .tuple(fc.constantFrom(...samples), fc.array(mutation(samples), { minLength: 1, maxLength: 4 }))
    .map(([sample, mutations]) => mutations.reduce((bytes, mutate) => mutate(bytes), sample));
}

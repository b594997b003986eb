import fc from 'fast-check';

/** The fields of a protobuf message, each with its tag. Only for well-formed messages below 16 fields. */
function fieldsOf(bytes: Uint8Array): Uint8Array[] {
  const fields: Uint8Array[] = [];
  let position = 0;
  while (position < bytes.length) {
    const start = position;
    const wireType = bytes[position]! & 7;
    position += 1;
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[position]!;
      position += 1;
      value += (byte & 127) * shift;
      if (byte < 128) break;
    }
    if (wireType === 2) position += value;
    fields.push(bytes.slice(start, position));
  }
  return fields;
}

const unknownField = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((value) => Uint8Array.of(0x78, ...varint(value))),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => Uint8Array.of(0x7a, bytes.length, ...bytes)),
  fc.uint8Array({ minLength: 8, maxLength: 8 }).map((bytes) => Uint8Array.of(0x79, ...bytes)),
  fc.uint8Array({ minLength: 4, maxLength: 4 }).map((bytes) => Uint8Array.of(0x7d, ...bytes)),
);

/** The same fields in another order with unknown ones between them: the same message. */
export function equalEncodings(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
  const fields = fieldsOf(bytes);
  return fc.tuple(fc.array(unknownField, { maxLength: 4 }), fc.infiniteStream(fc.nat())).map(([unknown, stream]) => {
    const all = [...fields, ...unknown];
    const shuffled: Uint8Array[] = [];
    for (const value of stream) {
      if (all.length === 0) break;
      shuffled.push(...all.splice(value % all.length, 1));
    }
    return joined(shuffled);
  });
}

/** Fields removed, repeated, swapped with those of another message, or given another field number or wire type. */
export function mutatedFields(samples: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const pool = samples.flatMap(fieldsOf);
  const field = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...pool) },
    { weight: 1, arbitrary: unknownField },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom(...pool), fc.nat(255))
        .map(([bytes, tag]) => Uint8Array.of(tag, ...bytes.slice(1))),
    },
  );
  return fc.oneof(
    fc.array(field, { maxLength: 7 }).map(joined),
    fc
      .tuple(
        fc.constantFrom(...samples),
        fc.nat(),
        fc.constantFrom<'remove' | 'repeat' | 'replace'>('remove', 'repeat', 'replace'),
        field,
      )
      .map(([sample, at, change, other]) => {
        const fields = fieldsOf(sample);
        const index = at % fields.length;
        const inserted = change === 'remove' ? [] : change === 'repeat' ? [fields[index]!, fields[index]!] : [other];
        return joined(fields.toSpliced(index, 1, ...inserted));
      }),
  );
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function varint(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 128 : low);
  } while (rest > 0n);
  return bytes;
}

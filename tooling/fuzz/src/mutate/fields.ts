import type { Draw } from '../draw.ts';
import { mutateBytes } from './bytes.ts';

interface Field {
  readonly tag: number;
  /** Raw bytes after the tag; of a length-delimited field without its length. */
  readonly body: Uint8Array;
}

/** The fields of a protobuf message; undefined when it is none. Tags of one byte only, which is all that OMEMO uses. */
function fieldsOf(bytes: Uint8Array): Field[] | undefined {
  const fields: Field[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at++]!;
    if ((tag & 7) === 0) {
      const start = at;
      while (at < bytes.length && bytes[at]! > 127) at++;
      fields.push({ tag, body: bytes.slice(start, ++at) });
    } else if ((tag & 7) === 2) {
      let length = 0;
      for (let shift = 1; ; shift *= 128) {
        const byte = bytes[at++];
        if (byte === undefined || shift > 2 ** 28) return undefined;
        length += (byte & 127) * shift;
        if (byte < 128) break;
      }
      if (at + length > bytes.length) return undefined;
      fields.push({ tag, body: bytes.slice(at, at + length) });
      at += length;
    } else return undefined;
  }
  return fields;
}

function written(fields: readonly Field[]): Uint8Array {
  const out: number[] = [];
  for (const { tag, body } of fields) {
    out.push(tag);
    if ((tag & 7) === 2) out.push(...varint(body.length));
    for (const byte of body) out.push(byte);
  }
  return Uint8Array.from(out);
}

function varint(value: number): number[] {
  const out: number[] = [];
  let rest = value;
  while (rest > 127) {
    out.push((rest & 127) | 128);
    rest = Math.floor(rest / 128);
  }
  out.push(rest);
  return out;
}

/** uint32 and what lies around and far above it, as varints. */
const NUMBERS = [0n, 1n, 127n, 128n, 999n, 1_000n, 1_001n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 64n - 1n].map(
  (value) => {
    const out: number[] = [];
    let rest = value;
    do {
      out.push(Number(rest & 127n) | (rest > 127n ? 128 : 0));
      rest >>= 7n;
    } while (rest > 0n);
    return Uint8Array.from(out);
  },
);

/**
 * A protobuf message with its structure changed: fields gone, doubled, in another order, from another message, with
 * another number or type, with changed content; also inside the messages in it.
 */
export function mutateFields(draw: Draw, bytes: Uint8Array, others: readonly Uint8Array[]): Uint8Array {
  const fields = fieldsOf(bytes);
  if (fields === undefined || fields.length === 0) return mutateBytes(draw, bytes, others);
  const at = draw.below(fields.length);
  const field = fields[at]!;
  switch (draw.below(8)) {
    case 0:
      return written(fields.toSpliced(at, 1));
    case 1:
      return written([...fields, field]);
    case 2:
      return written([...fields.slice(at), ...fields.slice(0, at)]);
    case 3: {
      const foreign = fieldsOf(draw.pick(others)) ?? fields;
      return written(fields.toSpliced(draw.below(fields.length + 1), draw.below(2), draw.pick(foreign)));
    }
    case 4:
      return written(fields.with(at, { ...field, tag: draw.below(128) }));
    case 5:
      // Unknown fields are to be skipped, also very many.
      return written([
        ...Array.from({ length: draw.once(20) ? 300 : 1 }, () => ({
          tag: 0x78,
          body: draw.bytes(1).map((b) => b & 127),
        })),
        ...fields,
      ]);
    case 6:
      if ((field.tag & 7) === 0) return written(fields.with(at, { ...field, body: draw.pick(NUMBERS) }));
      return written(fields.with(at, { ...field, body: mutateBytes(draw, field.body, others) }));
    default:
      return written(fields.with(at, { ...field, body: mutateFields(draw, field.body, others) }));
  }
}
